import type { AgentEvent } from '../../core/event.ts';
import { asArray, asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { apiError, interrupt, meta, plain, toolCall, unknown } from '../shared/events.ts';
import { objectField, textField } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import type { Ledger } from './ledger.ts';
import { resultEvent } from './results.ts';
import { messageTime, placeOf, type Thread } from './thread.ts';
import { callFields } from './tools.ts';
import { messageUsage } from './usage.ts';

/** Text that the program put before or behind a person's words begins with a lowercase tag (formats.md 0.6). */
const INJECTED = /^\s*<[a-z][a-z0-9_-]*[\s>]/;

/** The events of one message; at least one. */
export function messageEvents(thread: Thread, message: Json, ledger: Ledger): AgentEvent[] {
  if (!isObject(message)) return [unknown(entryPlace(thread, message), 0, message)];
  const flags = [...thread.record.flags];
  const role = textField(flags, message['role']) ?? 'untyped';
  const number = asNumber(message['messageId']) ?? asText(message['messageId']) ?? digest(canonical(message));
  const key = thread.occurrences.next(`${thread.sessionId}:${number}`);
  const place = placeOf(thread, key, role, messageTime(flags, message), flags);
  const events = contentEvents(place, role, message);
  events.push(...stateEvents(place, message), ...messageUsage(place, message, ledger));
  return events.length === 0 ? [meta(place, 'internal', 'empty', null)] : events;
}

function contentEvents(place: Place, role: string, message: JsonObject): AgentEvent[] {
  const { content } = message;
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content);
  if (blocks === null || (role !== 'user' && role !== 'assistant')) return [unknown(place, 0, message)];
  const events = blocks.flatMap((block, index) => blockEvents(place, role, block, index));
  return role === 'user' ? [...promptEvents(place, blocks), ...events] : events;
}

/** What a person wrote in one message is one prompt, images included. */
function promptEvents(place: Place, blocks: readonly Json[]): AgentEvent[] {
  const parts = blocks.flatMap((block) => {
    if (!isObject(block)) return [];
    if (block['type'] === 'image') return ['[image]'];
    const text = block['type'] === 'text' ? (asText(block['text']) ?? '') : '';
    return text === '' || INJECTED.test(text) ? [] : [text];
  });
  return parts.length === 0 ? [] : [plain(place, 'prompt', 'prompt', parts.join('\n'))];
}

function blockEvents(place: Place, role: string, block: Json, index: number): AgentEvent[] {
  if (!isObject(block)) return [unknown(place, index, block)];
  const type = textField(place.flags, block['type']);
  switch (type) {
    case 'text':
      return textEvents(place, role, textField(place.flags, block['text']) ?? '', index);
    case 'image':
      return role === 'user' ? [] : [unknown(place, index, block)];
    case 'thinking':
      return [plain(place, 'thinking', index, textField(place.flags, block['thinking'] ?? block['text']))];
    case 'redacted_thinking':
      return [meta(place, 'internal', index, null)];
    case 'tool_use':
      return [callEvent(place, block, index)];
    case 'tool_result':
      return [resultEvent(place, block, index)];
    default:
      return [unknown({ ...place, recordType: `${role}.${type ?? 'untyped'}` }, index, block)];
  }
}

function textEvents(place: Place, role: string, text: string, index: number): AgentEvent[] {
  if (role === 'assistant') return [plain(place, 'reply', index, text)];
  return INJECTED.test(text) ? [meta(place, 'context', index, text)] : [];
}

/** The id of a call is the same in every copy of the thread; one without an id is known by its message. */
function callEvent(place: Place, block: JsonObject, index: number): AgentEvent {
  const call = callFields(place.flags, block);
  return call.callId === null ? toolCall(place, index, call) : toolCall({ ...place, key: 'call' }, call.callId, call);
}

/** How a response ended, where it did not simply end. */
function stateEvents(place: Place, message: JsonObject): AgentEvent[] {
  const state = objectField(place.flags, message['state']);
  const type = state === null ? null : textField(place.flags, state['type']);
  if (type === 'cancelled') return [interrupt(place, 'turn', 'state', 'cancelled')];
  if (type !== 'error') return [];
  const error = state?.['error'];
  const text = isObject(error) ? asText(error['message']) : asText(error);
  return [apiError(place, 'other', 'state', text)];
}

/** A message that is no object: known by its content. */
function entryPlace(thread: Thread, message: Json): Place {
  const key = thread.occurrences.next(`${thread.sessionId}:untyped:${digest(canonical(message))}`);
  return placeOf(thread, key, 'untyped', null, [...thread.record.flags]);
}
