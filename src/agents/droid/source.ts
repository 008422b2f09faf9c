import type { Micros } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import { Occurrences } from '../shared/keys.ts';

/** What is remembered while one source is read. */
export interface Source {
  readonly sessionId: SessionId;
  readonly start: Start;
  /** The first time in the source: for records before it that have none. */
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  readonly occurrences: Occurrences;
}

/** What `session_start` says about all lines. */
export interface Start {
  readonly id: string | null;
  readonly cwd: string | null;
  readonly version: string | null;
  /** The session whose agent started this one, and the call by which it did. */
  readonly callingSession: string | null;
  readonly callingCall: string | null;
}

export function openSource(sessionId: SessionId, start: Start, firstTs: Micros | null): Source {
  return { sessionId, start, firstTs, lastTs: null, occurrences: new Occurrences() };
}
