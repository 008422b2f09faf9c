import type { Micros } from '../../core/event.ts';
import { asArray, asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { readMoment } from '../shared/moments.ts';

/** One line of a rollout, whichever generation wrote it, in the form of the newest: type and payload. */
export interface Entry {
  readonly record: SourceRecord;
  /** `session_meta`, `turn_context`, `response_item`, `event_msg`, ...; `untyped` for what is none of the agent's. */
  readonly type: string;
  /** The payload's own type; empty when it has none. */
  readonly inner: string;
  readonly payload: JsonObject;
  /** As written: what an unknown entry keeps. */
  readonly value: Json;
  /** The entry's own time; null for a missing and for an unreadable one. */
  readonly ts: Micros | null;
  readonly hasOddTime: boolean;
  readonly ordinal: number | null;
}

const itemTypes = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'local_shell_call',
  'web_search_call',
  'tool_search_call',
  'tool_search_output',
  'image_generation_call',
  'agent_message',
  'ghost_snapshot',
  'compaction',
  'compaction_summary',
  'context_compaction',
]);

/** Whether a response item may be called so. */
export function isItemType(type: string | null): boolean {
  return type !== null && itemTypes.has(type);
}

/** The entries of one record: one for a line, one for each item of a document (formats.md 2.1). */
export function entriesOf(record: SourceRecord): readonly Entry[] {
  const { value } = record;
  if (!isObject(value)) return [entry(record, 'untyped', {}, value)];
  const { session, items } = value;
  const listed = asArray(items);
  if (!isObject(session) || listed === null) return [lineEntry(record, value)];
  return [
    entry(record, 'session_meta', session, session),
    ...listed.map((item) => (isObject(item) ? lineEntry(record, item) : entry(record, 'untyped', {}, item))),
  ];
}

function lineEntry(record: SourceRecord, value: JsonObject): Entry {
  const type = asText(value['type']);
  const payload = value['payload'];
  if (type !== null && isObject(payload)) return entry(record, type, payload, value);
  if (isItemType(type)) return entry(record, 'response_item', value, value);
  if (type !== null) return entry(record, type, {}, value);
  const recordType = asText(value['record_type']);
  if (recordType !== null) return entry(record, `record_${recordType}`, value, value);
  const isHeader = asText(value['id']) !== null && asText(value['timestamp']) !== null;
  return isHeader ? entry(record, 'session_meta', value, value) : entry(record, 'untyped', {}, value);
}

function entry(record: SourceRecord, type: string, payload: JsonObject, value: Json): Entry {
  const written = isObject(value) ? value['timestamp'] : undefined;
  const time = asText(written);
  const ts = time === null ? null : readMoment(time);
  return {
    record,
    type,
    inner: asText(payload['type']) ?? '',
    payload,
    value,
    ts,
    hasOddTime: ts === null && written !== undefined && written !== null && written !== '',
    ordinal: isObject(value) ? asNumber(value['ordinal']) : null,
  };
}
