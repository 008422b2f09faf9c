import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { meta, plain, system, unknown } from '../shared/events.ts';
import { countField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { contentText } from './content.ts';
import { originOf } from './header.ts';
import { placeOf } from './locate.ts';
import { messageEvents } from './messages.ts';
import type { Source } from './source.ts';
import { summaryUsage } from './usage.ts';

/** The events of one line of a session file. */
export function entryEvents({ value, ...rest }: SourceRecord, source: Source): readonly AgentEvent[] {
  const record = { value, ...rest };
  if (!isObject(value)) return [unknown(placeOf(record, { value }, 'untyped', source), 0, value)];
  const type = asText(value['type']);
  if (type === null) return [unknown(placeOf(record, value, 'untyped', source), 0, value)];
  return eventsOfType(type, placeOf(record, value, recordTypeOf(type, value), source), value, source);
}

function eventsOfType(type: string, place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  switch (type) {
    case 'message':
      return messageEvents(place, value, source);
    case 'session':
      return [sessionEvent(place, value)];
    case 'model_change':
      source.model = textField(place.flags, value['modelId']);
      return [meta(place, 'mode', 0, modelText(place, value))];
    case 'thinking_level_change':
      return [meta(place, 'mode', 0, prefixed('thinking ', textField(place.flags, value['thinkingLevel'])))];
    case 'compaction':
      return compactionEvents(place, value, source);
    case 'branch_summary':
      return [summaryEvent(place, value), ...summaryUsage(place, value, source)];
    case 'custom_message':
      return [meta(place, 'context', 0, contentText(place, value['content']))];
    case 'custom':
      return [meta(place, 'internal', 0, textField(place.flags, value['customType']))];
    case 'label':
      return [meta(place, 'label', 0, textField(place.flags, value['label']))];
    case 'session_info':
      return [meta(place, 'title_custom', 0, textField(place.flags, value['name']))];
    default:
      return [unknown(place, 0, value)];
  }
}

/** `message.assistant`: the type with the role that refines it. */
function recordTypeOf(type: string, value: JsonObject): string {
  const message = value['message'];
  const role = type === 'message' && isObject(message) ? asText(message['role']) : null;
  return role === null ? type : `${type}.${role}`;
}

/** A fork or a continuation names the file that it comes from; it is no sub-agent. */
function sessionEvent(place: Place, value: JsonObject): AgentEvent {
  const origin = originOf(value);
  return origin === null ? meta(place, 'internal', 0, null) : meta(place, 'link', 0, origin);
}

function modelText(place: Place, value: JsonObject): string | null {
  const provider = textField(place.flags, value['provider']);
  const model = textField(place.flags, value['modelId']);
  return provider === null || model === null ? model : `${provider}/${model}`;
}

function prefixed(prefix: string, text: string | null): string | null {
  return text === null ? null : `${prefix}${text}`;
}

function compactionEvents(place: Place, value: JsonObject, source: Source): AgentEvent[] {
  const before = countField(place.flags, value['tokensBefore']);
  const text = before === null ? null : `${before} tokens before`;
  return [
    system(place, 'compaction', text, { subtype: 'compaction', durationS: null }),
    summaryEvent(place, value),
    ...summaryUsage(place, value, source),
  ];
}

function summaryEvent(place: Place, value: JsonObject): AgentEvent {
  return plain(place, 'summary', 0, textField(place.flags, value['summary']));
}
