import type { AgentEvent } from '../../core/event.ts';
import { asArray, asText, isObject, type Json } from '../../core/json.ts';
import { meta, plain, unknown, usage } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { callEvents } from './calls.ts';
import { readContent } from './content.ts';
import { placeAt, type Session } from './locate.ts';
import type { Message } from './replay.ts';
import { usageFields } from './usage.ts';

/** What the program puts into the model's mouth after a compression. */
const ACKNOWLEDGED = 'Got it. Thanks for the additional context!';

/** A model message: thoughts, words, tool calls with their results, and what the request used. */
export function modelEvents(place: Place, message: Message, session: Session): readonly AgentEvent[] {
  const { value } = message;
  const content = readContent(place.flags, value['content']);
  const model = textField(place.flags, value['model']);
  if (content.text === ACKNOWLEDGED && model === null) return [meta(place, 'context', 0, content.text)];
  const events: AgentEvent[] = [];
  for (const [index, thought] of listOf(place, value['thoughts']).entries()) {
    events.push(thoughtEvent(place, thought, index));
  }
  if (content.thought !== '') events.push(plain(place, 'thinking', 'thinking', content.thought));
  if (content.text !== '') events.push(plain(place, 'reply', 0, content.text));
  for (const [index, call] of listOf(place, value['toolCalls']).entries()) {
    events.push(...callEvents(place, { call, index, messageId: message.id }, session));
  }
  const fields = usageFields(place.flags, message, model);
  if (fields !== null) events.push(usageEvent(place, message, fields));
  return events.length === 0 ? [meta(place, 'internal', 0, null)] : events;
}

function usageEvent(place: Place, message: Message, fields: NonNullable<ReturnType<typeof usageFields>>): AgentEvent {
  const key = `usage:${place.sessionId}:${message.id}`;
  return usage(message.hasOwnId ? place : { ...place, flags: [...place.flags, 'no_response_id'] }, key, fields);
}

function listOf(place: Place, value: Json | undefined): readonly Json[] {
  const list = asArray(value);
  if (list === null && value !== undefined && value !== null) flagOnce(place.flags, 'wrong_type');
  return list ?? [];
}

function thoughtEvent(place: Place, thought: Json, index: number): AgentEvent {
  const block = `thought:${index}`;
  if (!isObject(thought)) return unknown(place, block, thought);
  const words = [thought['subject'], thought['description'], thought['summary']].map(asText);
  const text = words.filter((word) => word !== null).join('\n');
  return plain(placeAt(place, thought['timestamp']) ?? place, 'thinking', block, text);
}
