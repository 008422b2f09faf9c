import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD, type SessionId } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import type { Occurrences } from '../shared/keys.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';
import type { CallIds } from './call-ids.ts';

/** Where in the source something stands, and when it was. */
export interface Spot {
  readonly line: number;
  readonly offset: number;
  readonly flags: Flags;
  /** The own time, else that of the nearest earlier record that has one. */
  readonly ts: Micros | null;
  readonly hasOwnTime: boolean;
}

/** What is known of a session once its whole source was read, and what is remembered while its events are made. */
export interface Session {
  readonly id: SessionId;
  readonly parentId: SessionId | null;
  readonly isSubAgent: boolean;
  /** The first time in the source: for what stands before it. */
  readonly firstTs: Micros | null;
  readonly callIds: CallIds;
  readonly occurrences: Occurrences;
  readonly titles: Set<string>;
  /** Whether the last message of the conversation was the model's. */
  afterModel: boolean;
}

/** A moment as the agent writes it; a text that is none is flagged. */
export function ownMoment(written: Json | undefined, flags: Flags): Micros | null {
  const text = textField(flags, written);
  if (text === null) return null;
  const moment = readMoment(text, flags);
  if (moment === null) flagOnce(flags, 'wrong_type');
  return moment;
}

/** `key` is unique in the session only, so the session's id goes into it. */
export function placeOf(session: Session, spot: Spot, key: string, recordType: string): Place {
  const ts = spot.ts ?? session.firstTs;
  return {
    key: `${session.id}:${key}`,
    copied: false,
    sessionId: session.id,
    parentSessionId: session.parentId,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: spot.line,
    offset: spot.offset,
    ts,
    tsSource: spot.hasOwnTime ? 'event' : ts === null ? null : 'neighbour',
    cwd: null,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    recordType,
    flags: spot.flags,
  };
}

/** The place at a time of its own; null where none is written. */
export function placeAt(place: Place, written: Json | undefined): Place | null {
  const ts = ownMoment(written, place.flags);
  return ts === null ? null : { ...place, ts, tsSource: 'event' };
}

/** A place whose time is only near. */
export function placeNear(place: Place): Place {
  return { ...place, tsSource: place.ts === null ? null : 'neighbour' };
}
