import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { meta, plain, system, unknown } from '../shared/events.ts';
import { countField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { placeOf } from './locate.ts';
import { messageEvents } from './messages.ts';
import type { Source } from './source.ts';

/** The events of one line of a session. */
export function lineEvents(record: SourceRecord, source: Source): readonly AgentEvent[] {
  const { value } = record;
  if (!isObject(value)) return [unknown(placeOf(record, { value }, 'untyped', source), 0, value)];
  const type = asText(value['type']);
  if (type === null) return [unknown(placeOf(record, value, 'untyped', source), 0, value)];
  return eventsOfType(type, placeOf(record, value, recordTypeOf(type, value), source), value, source);
}

function eventsOfType(type: string, place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  switch (type) {
    case 'message':
      return messageEvents(place, value, source);
    case 'session_start':
      return startEvents(place, value);
    case 'todo_state':
      return [meta(place, 'snapshot', 0, null)];
    case 'session_settings':
      return [meta(place, 'mode', 0, textField(place.flags, value['model']))];
    case 'compaction_state':
      return compactionEvents(place, value);
    case 'agent_turn_outcome':
      return [system(place, 0, textField(place.flags, value['reason']), { subtype: 'turn_end', durationS: null })];
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

/** The title that every session has until it gets one of its own. */
const EMPTY_TITLE = 'New Session';

function startEvents(place: Place, value: JsonObject): AgentEvent[] {
  const named = textField(place.flags, value['sessionTitle']);
  const title = named === null || named === EMPTY_TITLE ? textField(place.flags, value['title']) : named;
  const origin = textField(place.flags, value['parent']);
  const events = [meta(place, title === null ? 'internal' : 'title_ai', 0, title)];
  if (origin !== null) events.push(meta(place, 'link', 'origin', origin));
  return events;
}

function compactionEvents(place: Place, value: JsonObject): AgentEvent[] {
  const kept = countField(place.flags, value['summaryTokens']);
  const text = kept === null ? null : `summary of ${kept} tokens`;
  return [
    system(place, 'compaction', text, { subtype: 'compaction', durationS: null }),
    plain(place, 'summary', 0, textField(place.flags, value['summary'] ?? value['summaryText'])),
  ];
}
