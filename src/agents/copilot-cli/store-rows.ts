import type { SourceHint } from '../agent.ts';
import type { AgentEvent, Micros } from '../../core/event.ts';
import { MAIN_THREAD, sessionId, type SessionId } from '../../core/ids.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { meta, unknown, usage } from '../shared/events.ts';
import { countField, flagOnce, numberField, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest, Occurrences } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import { momentField } from './locate.ts';
import { SESSIONS_TABLE, USAGE_TABLE } from './store.ts';
import { fieldsOf } from './usage.ts';

/** Whether a record is a row of a database, as a collection exports it. */
export function isStoreRecord(value: Json): boolean {
  return isObject(value) && typeof value['table'] === 'string' && 'row' in value;
}

interface Store {
  readonly sessionId: SessionId;
  readonly occurrences: Occurrences;
  cwd: string | null;
  gitBranch: string | null;
  lastTs: Micros | null;
}

/** The rows of one session: the session itself first, where the database has it, then its requests. */
export function* adaptStore(
  first: SourceRecord,
  rest: Iterator<SourceRecord>,
  { member, sessionId: named }: SourceHint,
): Generator<AgentEvent> {
  const session =
    named ?? member ?? sessionIn(first.value) ?? `unidentified-${digest(canonical(first.value)).slice(0, 8)}`;
  const store: Store = {
    sessionId: sessionId(session),
    occurrences: new Occurrences(),
    cwd: null,
    gitBranch: null,
    lastTs: null,
  };
  yield rowEvent(first, store);
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield rowEvent(next.value, store);
}

function sessionIn(value: Json): string | null {
  const row = isObject(value) ? value['row'] : null;
  return isObject(row) ? (asText(row['session_id']) ?? asText(row['id'])) : null;
}

function rowEvent(record: SourceRecord, store: Store): AgentEvent {
  const { value } = record;
  const flags = [...record.flags];
  const table = isObject(value) ? asText(value['table']) : null;
  const row = isObject(value) && isObject(value['row']) ? value['row'] : null;
  if (table === null || row === null) return unknown(placeOf(record, flags, 'untyped', {}, store), 0, value);
  if (table === SESSIONS_TABLE) {
    store.cwd = textField(flags, row['cwd']);
    store.gitBranch = textField(flags, row['branch']);
  }
  const place = placeOf(record, flags, table, row, store);
  if (table === SESSIONS_TABLE) return sessionEvent(place, row);
  return table === USAGE_TABLE ? requestEvent(place, row) : unknown(place, 0, value);
}

/** The summary is the store's own name for the session. */
function sessionEvent(place: Place, row: JsonObject): AgentEvent {
  const summary = textField(place.flags, row['summary']);
  return meta(place, summary === null ? 'internal' : 'title_summary', 0, summary);
}

function requestEvent(place: Place, row: JsonObject): AgentEvent {
  const { flags } = place;
  const counters = {
    input: countField(flags, row['input_tokens']),
    output: countField(flags, row['output_tokens']),
    cacheRead: countField(flags, row['cache_read_tokens']),
    cacheWrite: countField(flags, row['cache_write_tokens']),
    reasoning: countField(flags, row['reasoning_tokens']),
    responses: 1,
    nanoAiu: numberField(flags, row['total_nano_aiu']),
  };
  const model = textField(flags, row['model']);
  return usage(place, `usage:${place.key}`, { ...fieldsOf(place, counters, model), grain: 'response', responses: 1 });
}

function placeOf(record: SourceRecord, flags: Flags, table: string, row: JsonObject, store: Store): Place {
  const ownTs = momentField(flags, row['created_at']);
  const ts = ownTs ?? store.lastTs;
  if (ownTs !== null) store.lastTs = ownTs;
  const parentCallId = textField(flags, row['parent_tool_call_id']);
  return {
    key: keyOf(record.value, flags, table, row, store),
    copied: false,
    sessionId: store.sessionId,
    parentSessionId: null,
    threadId: textField(flags, row['agent_id']) ?? parentCallId ?? MAIN_THREAD,
    parentCallId,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: ownTs === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: store.cwd,
    gitBranch: store.gitBranch,
    agentVersion: null,
    entrypoint: null,
    recordType: table,
    flags,
  };
}

/** Row numbers are given once for a database; without one, the row's content stands for it. */
function keyOf(value: Json, flags: Flags, table: string, row: JsonObject, store: Store): string {
  if (table === SESSIONS_TABLE) return `store:${store.sessionId}`;
  const id = row['id'];
  if (typeof id === 'number' || (typeof id === 'string' && id !== '')) return `store:${store.sessionId}:${id}`;
  if (table === USAGE_TABLE) flagOnce(flags, 'no_response_id');
  return store.occurrences.next(`store:${store.sessionId}:${digest(canonical(value))}`);
}
