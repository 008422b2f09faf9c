import type { AgentEvent } from '../../core/event.ts';
import { asArray, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { meta, unknown } from '../shared/events.ts';
import { canonical, digest } from '../shared/keys.ts';
import { textField } from '../shared/fields.ts';
import { Ledger } from './ledger.ts';
import { messageEvents } from './messages.ts';
import { openThread, placeOf, type Thread } from './thread.ts';
import { ledgerEvents } from './usage.ts';

/** The one record of a thread's document in, its events out. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  for (const record of records) {
    if (isObject(record.value)) yield* threadEvents(record, record.value, hint);
    else yield unreadable(record, record.value, hint);
  }
}

function* threadEvents(record: SourceRecord, document: JsonObject, hint: SourceHint): Generator<AgentEvent> {
  const thread = openThread(record, document, hint);
  const ledger = new Ledger(document['usageLedger']);
  yield documentEvent(thread, document);
  for (const message of asArray(document['messages']) ?? []) yield* messageEvents(thread, message, ledger);
  yield* ledgerEvents(thread, ledger);
}

/** The thread's title; a document without one is still seen. */
function documentEvent(thread: Thread, document: JsonObject): AgentEvent {
  const flags = [...thread.record.flags, ...thread.flags];
  const title = textField(flags, document['title']);
  const key = `${thread.sessionId}:thread`;
  if (asArray(document['messages']) === null) {
    const place = placeOf(thread, `${key}:${digest(canonical(document))}`, 'thread', null, flags);
    return unknown(place, 0, document);
  }
  if (title === null) return meta(placeOf(thread, key, 'thread', null, flags), 'internal', 0, null);
  return meta(placeOf(thread, `${key}:${digest(title)}`, 'thread', null, flags), 'title_ai', 0, title);
}

function unreadable(record: SourceRecord, value: Json, hint: SourceHint): AgentEvent {
  const thread = openThread(record, {}, hint);
  const key = `${thread.sessionId}:untyped:${digest(canonical(value))}`;
  return unknown(placeOf(thread, key, 'untyped', null, [...record.flags]), 0, value);
}
