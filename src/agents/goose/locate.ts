import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { asNumber, asText, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

interface Own {
  readonly key: string;
  readonly recordType: string;
  readonly ts: Micros | null;
  readonly copied?: boolean;
}

export function placeOf(record: SourceRecord, flags: Flags, source: Source, own: Own): Place {
  const ts = own.ts ?? source.lastTs ?? source.firstTs;
  if (own.ts !== null) source.lastTs = own.ts;
  return {
    key: own.key,
    copied: own.copied ?? false,
    sessionId: source.sessionId,
    parentSessionId: source.parentSessionId,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: own.ts === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: source.cwd,
    gitBranch: null,
    agentVersion: null,
    entrypoint: source.sessionType,
    recordType: own.recordType,
    flags,
  };
}

/** Numbers from here on can only be milliseconds: as seconds they lie beyond the year 5000. */
const LEAST_MILLISECONDS = 100_000_000_000;

/** A time of a message or request: whole seconds. */
export function secondsMoment(flags: Flags, value: Json | undefined): Micros | null {
  const number = asNumber(value);
  if (number === null || number <= 0) {
    if (value !== undefined && value !== null && value !== 0) flagOnce(flags, 'wrong_type');
    return null;
  }
  const micros = Math.round(number * (number >= LEAST_MILLISECONDS ? 1000 : 1_000_000));
  if (Number.isSafeInteger(micros)) return micros;
  flagOnce(flags, 'wrong_type');
  return null;
}

/** A time of a session: SQLite's own form, which is UTC, or ISO. */
export function textMoment(flags: Flags, value: Json | undefined): Micros | null {
  const text = textField(flags, value);
  if (text === null) return null;
  const moment = readMoment(text);
  if (moment === null) flagOnce(flags, 'wrong_type');
  return moment;
}

/** The key of a record of which nothing but its content is known. */
export function contentKey(recordType: string, value: Json, source: Source): string {
  return source.occurrences.next(`${recordType}:${source.sessionId}:${digest(canonical(value))}`);
}

interface MessageIdentity {
  readonly key: string;
  /** The message was made in another session, of which this one is a copy. */
  readonly copied: boolean;
}

/**
 * A message in any of its copies: in the file before the database, imported, or taken over by another session. Its id alone is not
 * enough (parts of one response may share it), and the id that the database makes up names the session that it was made in.
 */
export function messageIdentity(
  written: JsonObject,
  content: Json,
  created: Json | undefined,
  source: Source,
): MessageIdentity {
  const id = asText(written['message_id']) ?? asText(written['id']);
  const origin = id === null ? source.nativeId : madeUpIn(id, source.nativeId);
  const said = digest(
    `${asText(written['role']) ?? ''}\n${asNumber(created) ?? ''}\n${canonical(withoutNulls(content))}`,
  );
  return {
    key: source.occurrences.next(`${origin ?? id}:${said}`),
    copied: origin !== null && origin !== source.nativeId,
  };
}

/** The session of an id that the database made up: `msg_<session>_<number or uuid>`. Null for a provider's own id. */
function madeUpIn(id: string, nativeId: string): string | null {
  if (id.startsWith(`msg_${nativeId}_`)) return nativeId;
  return /^msg_(\d{8}_\d{1,6})_[^_]+$/.exec(id)?.[1] ?? null;
}

/** Versions differ in the fields that they write as null. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined && member !== null) kept.push([name, withoutNulls(member)]);
  }
  return Object.fromEntries(kept);
}
