import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD, sessionId } from '../../core/ids.ts';
import { asText, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { isoMoment } from '../../core/time.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

interface Known {
  readonly key: string;
  readonly session: string;
  readonly recordType: string;
  readonly ts: Micros | null;
  /** The time is the record's own, not that of its session. */
  readonly own: boolean;
  readonly flags: Flags;
  readonly cwd?: string | null;
}

export function placeOf(record: SourceRecord, known: Known): Place {
  return {
    key: known.key,
    copied: false,
    sessionId: sessionId(known.session),
    parentSessionId: null,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: record.line,
    offset: record.offset,
    ts: known.ts,
    tsSource: known.ts === null ? null : known.own ? 'event' : 'neighbour',
    cwd: known.cwd ?? null,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    recordType: known.recordType,
    flags: known.flags,
  };
}

/** A time with its offset; Go writes the year 1 for none. */
export function momentField(flags: Flags, value: Json | undefined): Micros | null {
  const text = textField(flags, value);
  if (text === null || text.startsWith('0001-')) return null;
  const moment = isoMoment(text, 'UTC');
  if (moment === null) flagOnce(flags, 'wrong_type');
  return moment;
}

/** The session that an id stands for: what `/compact` keeps under `<id>-precompact` are the session's own turns. */
export function sessionOf(value: Json | undefined): string | null {
  const session = asText(value)?.replace(/(?:-precompact)+$/, '') ?? '';
  return session === '' ? null : session;
}
