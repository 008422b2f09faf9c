import type { SourceHint } from '../agent.ts';
import type { AgentEvent, Micros } from '../../core/event.ts';
import { sessionId } from '../../core/ids.ts';
import { asObject, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { unknown } from '../shared/events.ts';
import { canonical, digest } from '../shared/keys.ts';
import { contentKey, placeOf, secondsMoment, textMoment } from './locate.ts';
import { messageEvents } from './messages.ts';
import { isDescription } from './recognise.ts';
import { noteSession, sessionEvents } from './session.ts';
import { openSource, type Source } from './source.ts';
import { LEDGER_TABLE, MESSAGES_TABLE, SESSIONS_TABLE } from './store.ts';
import { closeTotal, requestEvents } from './usage.ts';

/** How many records are kept back at most while no time has been seen. */
const MOST_WAITING = 1000;

/** Rows of one session of the database, or lines of a file of the time before it, in; events out. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const waiting: SourceRecord[] = [];
  let source: Source | null = null;
  for (const record of records) {
    if (source !== null) {
      yield* eventsOf(record, source);
      continue;
    }
    waiting.push(record);
    const firstTs = ownTs(record.value);
    if (firstTs === null && waiting.length < MOST_WAITING) continue;
    source = open(waiting[0]?.value ?? null, hint, firstTs);
    for (const earlier of waiting) yield* eventsOf(earlier, source);
  }
  if (source === null) {
    source = open(waiting[0]?.value ?? null, hint, null);
    for (const earlier of waiting) yield* eventsOf(earlier, source);
  }
  yield* closeTotal(source);
}

function ownTs(value: Json): Micros | null {
  const written = rowOf(value) ?? asObject(value);
  if (written === null) return null;
  return (
    textMoment([], written['created_at']) ??
    secondsMoment([], written['created_timestamp']) ??
    secondsMoment([], written['created'])
  );
}

function open(first: Json, hint: SourceHint, firstTs: Micros | null): Source {
  const nativeId =
    hint.member ?? hint.sessionId ?? sessionIn(first) ?? `unidentified-${digest(canonical(first)).slice(0, 8)}`;
  const source = openSource(nativeId, sessionId(nativeId), firstTs);
  const row = rowOf(first);
  if (row !== null && isObject(first) && first['table'] === SESSIONS_TABLE) noteSession(row, source);
  if (isDescription(first) && isObject(first)) noteSession(first, source);
  return source;
}

function sessionIn(first: Json): string | null {
  const row = rowOf(first);
  return asText(row?.['session_id']) ?? asText(row?.['id']);
}

function rowOf(value: Json): JsonObject | null {
  return isObject(value) && typeof value['table'] === 'string' && isObject(value['row']) ? value['row'] : null;
}

function eventsOf(record: SourceRecord, source: Source): readonly AgentEvent[] {
  const { value } = record;
  const row = rowOf(value);
  if (isObject(value) && row !== null) {
    if (value['table'] === SESSIONS_TABLE) return sessionEvents(record, row, SESSIONS_TABLE, source);
    if (value['table'] === MESSAGES_TABLE) return messageEvents(record, row, fieldsOfRow, source);
    if (value['table'] === LEDGER_TABLE) return requestEvents(record, row, source);
  } else if (isObject(value)) {
    if (isDescription(value)) return sessionEvents(record, value, 'description', source);
    if (typeof value['role'] === 'string') return messageEvents(record, value, fieldsOfLine, source);
  }
  const table = isObject(value) ? (asText(value['table']) ?? 'untyped') : 'untyped';
  const place = placeOf(record, [...record.flags], source, {
    key: contentKey(table, value, source),
    recordType: table,
    ts: null,
  });
  return [unknown(place, 0, value)];
}

const fieldsOfRow = { content: 'content_json', created: 'created_timestamp', metadata: 'metadata_json' };
const fieldsOfLine = { content: 'content', created: 'created', metadata: 'metadata' };
