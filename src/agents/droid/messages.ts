import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { hook, meta, plain, toolCall, unknown } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { authorOf, promptOf, spokenEvent, type Author } from './prompts.ts';
import { resultEvents } from './results.ts';
import type { Source } from './source.ts';
import { stripReminders } from './reminders.ts';
import { callFields } from './tools.ts';

/** A line of type `message`: a response, a person's prompt with what the program put beside it, or tool results. */
export function messageEvents(place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  const message = value['message'];
  const blocks = isObject(message) ? blocksOf(message['content']) : null;
  if (!isObject(message) || blocks === null) {
    flagOnce(place.flags, 'wrong_type');
    return [unknown(place, 0, value)];
  }
  const { role } = message;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') return [unknown(place, 0, value)];
  const hookName = textField(place.flags, message['hookEventName']);
  if (hookName !== null) return [hook(place, 0, hookName, { subtype: 'output', callId: null, durationS: null })];
  const events = role === 'assistant' ? answerEvents(place, blocks) : userEvents(place, message, blocks, source);
  return events.length > 0 ? events : [meta(place, 'internal', 0, null)];
}

/** Null when there is no content that could be read. */
function blocksOf(content: Json | undefined): readonly Json[] | null {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content : null;
}

function answerEvents(place: Place, blocks: readonly Json[]): AgentEvent[] {
  return blocks.flatMap((block, index) => {
    const type = isObject(block) ? block['type'] : null;
    if (isObject(block) && type === 'text')
      return [plain(place, 'reply', index, textField(place.flags, block['text']))];
    return otherEvents(place, index, block, 'context');
  });
}

/** All that a person typed in one message is one prompt; a message with results holds none. */
function userEvents(place: Place, message: JsonObject, blocks: readonly Json[], source: Source): AgentEvent[] {
  const results = blocks.some((block) => isObject(block) && block['type'] === 'tool_result');
  const author = results || message['role'] === 'system' ? 'context' : authorOf(message, source.start);
  const events: AgentEvent[] = [];
  const typed: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const text = isObject(block) && block['type'] === 'text' ? textField(place.flags, block['text']) : null;
    if (text !== null) typed.push(...readText(place, index, text, author, events));
    else if (!isObject(block) || block['type'] !== 'text')
      events.push(...otherEvents(place, index, block, author, typed));
  }
  if (typed.length > 0) events.push(promptOf(place, typed.join('\n')));
  return events;
}

/** Adds what the program put into a text, and returns what a person typed in it. */
function readText(place: Place, index: number, text: string, author: Author, events: AgentEvent[]): readonly string[] {
  const { rest, reminders } = stripReminders(text);
  if (reminders !== null) events.push(meta(place, 'context', `${index}:context`, reminders));
  if (rest === '') return [];
  const spoken = spokenEvent(place, index, rest, author);
  if (spoken === null) return [rest];
  events.push(spoken);
  return [];
}

const attachments = new Set(['image', 'document']);

/** The events of a block that is no text; `typed` takes the mark of what a person attached. */
function otherEvents(place: Place, index: number, block: Json, author: Author, typed?: string[]): AgentEvent[] {
  if (!isObject(block)) return [unknown(place, index, block)];
  const type = asText(block['type']);
  if (type === 'thinking') return [plain(place, 'thinking', index, textField(place.flags, block['thinking']))];
  if (type === 'redacted_thinking') return [plain(place, 'thinking', index, null)];
  if (type === 'tool_use') return [toolCall(place, index, callFields(place, block))];
  if (type === 'tool_result') return resultEvents(place, index, block);
  if (type !== null && attachments.has(type)) {
    if (author !== 'person' || typed === undefined) return [meta(place, 'context', index, `[${type}]`)];
    typed.push(`[${type}]`);
    return [];
  }
  const recordType = type === null ? place.recordType : `${place.recordType}.${type}`;
  return [unknown({ ...place, recordType }, index, block)];
}
