import { asArray, asText, isObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import type { StoredMessage, StoredPart } from './store.ts';

/**
 * A row of `session_message` in the fields of the first generation, so that one adapter reads both, and the copies that a migration
 * makes of old messages have the old messages' identity (formats.md 6.6).
 */
export function translated(at: SourceRecord, row: JsonObject, data: JsonObject): StoredMessage {
  const type = asText(row['type']) ?? asText(data['type']) ?? '';
  const time = data['time'];
  return {
    at,
    generation: 'session_message',
    id: asText(row['id']),
    role: type,
    info: infoOf(data),
    created: (isObject(time) ? time['created'] : undefined) ?? row['time_created'],
    parts: partsOf(type, data).map((value) => ({ at, type: asText(value['type']) ?? '', value }) satisfies StoredPart),
  };
}

function infoOf(data: JsonObject): JsonObject {
  const model = isObject(data['model']) ? data['model'] : {};
  const { type, message } = isObject(data['error']) ? data['error'] : {};
  return {
    ...data,
    modelID: data['modelID'] ?? model['modelID'] ?? model['id'],
    providerID: data['providerID'] ?? model['providerID'],
    error: isObject(data['error']) ? { name: type, data: { ...data['error'], message } } : data['error'],
  };
}

function partsOf(type: string, data: JsonObject): JsonObject[] {
  const { text } = data;
  switch (type) {
    case 'user':
      return [{ type: 'text', text }, ...listed(data['files'], 'file'), ...listed(data['agents'], 'agent')];
    case 'synthetic':
    case 'system':
      return [{ type: 'text', text, synthetic: true }];
    case 'assistant':
      return [...(asArray(data['content']) ?? []).map(contentPart), ...listed(data['retry'], 'retry')];
    case 'shell':
      return [{ ...data, type: 'shell' }];
    case 'skill':
      return [{ type: 'skill', text }];
    case 'compaction':
      return compactionParts(data);
    case 'agent-switched':
      return [{ type: 'switch', text: data['agent'] }];
    case 'model-switched':
      return [{ type: 'switch', text: isObject(data['model']) ? data['model']['id'] : undefined }];
    case 'idle':
      return [{ type: 'idle' }];
    default:
      return [{ ...data, type }];
  }
}

/** The summary is empty until it is written. */
function compactionParts({ reason, summary }: JsonObject): JsonObject[] {
  const asked = { type: 'compaction', auto: reason === 'auto' };
  return summary === undefined || summary === '' ? [asked] : [asked, { type: 'summary', text: summary }];
}

function listed(value: Json | undefined, type: string): JsonObject[] {
  const items = isObject(value) ? [value] : (asArray(value) ?? []);
  return items.map((item) => ({ ...(isObject(item) ? item : { name: item }), type }));
}

function contentPart(block: Json): JsonObject {
  if (!isObject(block)) return { value: block };
  const time = isObject(block['time']) ? block['time'] : {};
  if (block['type'] === 'reasoning') return { ...block, time: { start: time['created'], end: time['completed'] } };
  return block['type'] === 'tool' ? toolPart(block, time) : block;
}

function toolPart(block: JsonObject, time: JsonObject): JsonObject {
  const state = isObject(block['state']) ? block['state'] : {};
  const structured = isObject(state['structured']) ? state['structured'] : {};
  const metadata = isObject(state['metadata']) ? state['metadata'] : {};
  const { error } = state;
  return {
    ...block,
    callID: block['id'],
    tool: block['name'],
    state: {
      ...state,
      output: state['output'] ?? textOf(state['content']) ?? textOf(state['result']),
      error: isObject(error) ? error['message'] : error,
      metadata: { ...structured, ...metadata },
      // The time of the call itself is no start: the run began when the permission was there.
      time: { created: time['created'], start: time['ran'], end: time['completed'] },
    },
  };
}

function textOf(content: Json | undefined): string | undefined {
  if (typeof content === 'string') return content;
  const texts = asArray(content)?.flatMap((block) => (isObject(block) ? (asText(block['text']) ?? []) : []));
  return texts?.join('\n');
}
