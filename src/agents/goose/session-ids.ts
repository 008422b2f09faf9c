import { sessionId, type SessionId } from '../../core/ids.ts';
import type { Micros } from '../../core/event.ts';
import { digest } from '../shared/keys.ts';

/** The database numbers the sessions of a day, so the first session of a day has the same id on every machine. */
const numbered = /^\d{8}_\d{1,5}$/;

/** `20260610_1-5f3a9c21`: the id with a digest of the time at which the session was made, the same in every copy of the database. */
export function uniqueSessionId(nativeId: string, createdTs: Micros | null): SessionId {
  if (!numbered.test(nativeId) || createdTs === null) return sessionId(nativeId);
  return sessionId(`${nativeId}-${digest(`${nativeId}\n${createdTs}`).slice(0, 8)}`);
}
