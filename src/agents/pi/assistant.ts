import type { AgentEvent } from '../../core/event.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { apiError, interrupt, meta, plain, toolCall, unknown } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { apiErrorSubtype } from './api-errors.ts';
import type { Source } from './source.ts';
import { callFields } from './tools.ts';
import { responseUsage } from './usage.ts';

/** A message of role `assistant`: one response with its blocks, its usage, and how it ended. */
export function assistantEvents(place: Place, message: JsonObject, source: Source): AgentEvent[] {
  const events = blockEvents(place, message['content']);
  const answered = events.length > 0;
  events.push(...endEvents(place, message), ...responseUsage(place, message, answered, source));
  source.model = textField(place.flags, message['model']) ?? source.model;
  if (events.length === 0) events.push(meta(place, 'internal', 0, null));
  return events;
}

function blockEvents(place: Place, content: Json | undefined): AgentEvent[] {
  if (typeof content === 'string') return content === '' ? [] : [plain(place, 'reply', 0, content)];
  if (Array.isArray(content)) return content.map((block, index) => blockEvent(place, index, block));
  if (content !== undefined && content !== null) flagOnce(place.flags, 'wrong_type');
  return [];
}

function blockEvent(place: Place, index: number, block: Json): AgentEvent {
  if (!isObject(block)) return unknown(place, index, block);
  const type = block['type'];
  if (type === 'text') return plain(place, 'reply', index, textField(place.flags, block['text']));
  if (type === 'thinking') return plain(place, 'thinking', index, textField(place.flags, block['thinking']));
  if (type === 'toolCall') return toolCall(place, index, callFields(place, block));
  const recordType = typeof type === 'string' ? `${place.recordType}.${type}` : place.recordType;
  return unknown({ ...place, recordType }, index, block);
}

/** `aborted` is the person, `error` the request; the other reasons are how responses end. */
function endEvents(place: Place, message: JsonObject): AgentEvent[] {
  const reason = textField(place.flags, message['stopReason']);
  if (reason !== 'aborted' && reason !== 'error') return [];
  const text = textField(place.flags, message['errorMessage']);
  if (reason === 'aborted') return [interrupt(place, 'turn', 'end', text ?? 'aborted')];
  return [apiError(place, apiErrorSubtype(text ?? ''), 'end', text)];
}
