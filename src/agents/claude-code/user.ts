import type { AgentEvent } from '../../core/event.ts';
import { never } from '../../core/errors.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { stripPrompt } from './context.ts';
import { hook, interrupt, meta, plain, unknown } from '../shared/events.ts';
import { flagOnce } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { authorOf, isProbe, readText, type Author, type Reading } from './prompts.ts';
import { deliver } from './queue.ts';
import { resultEvents } from './results.ts';
import type { Source } from './source.ts';

/** A line of type `user`: a prompt, tool results, or one of the many things that travel as "user". */
export function userEvents(place: Place, value: JsonObject, source: Source): AgentEvent[] {
  const message = value['message'];
  const content = isObject(message) ? message['content'] : undefined;
  if (typeof content === 'string') return spokenEvents(place, value, [{ type: 'text', text: content }], source);
  if (!Array.isArray(content)) {
    flagOnce(place.flags, 'wrong_type');
    return [unknown(place, 0, value)];
  }
  const results = content.filter((block) => isObject(block) && block['type'] === 'tool_result').length;
  if (results === 0) return spokenEvents(place, value, content, source);
  return besideResults(place, value, content, results, source);
}

/** Lines with tool results hold no prompt; a text beside them is an interrupt marker or context. */
function besideResults(
  place: Place,
  value: JsonObject,
  content: readonly Json[],
  results: number,
  source: Source,
): AgentEvent[] {
  const events: AgentEvent[] = [];
  for (const [index, block] of content.entries()) {
    if (isObject(block) && block['type'] === 'tool_result') {
      // The structured result belongs to the line, so it says nothing once the line holds several.
      resultEvents(events, place, index, block, results === 1 ? value : null, source);
    } else {
      blockEvents(events, place, index, block, 'context');
    }
  }
  return events;
}

/** Text and images of a line without results. All that a person typed in one line is one prompt. */
function spokenEvents(place: Place, value: JsonObject, content: readonly Json[], source: Source): AgentEvent[] {
  const author = authorOf(value, place.threadId !== MAIN_THREAD || value['isSidechain'] === true);
  const events: AgentEvent[] = [];
  const typed: string[] = [];
  let first = 0;
  for (const [index, block] of content.entries()) {
    const text = blockEvents(events, place, index, block, author);
    if (text === null) continue;
    if (typed.length === 0) first = index;
    typed.push(text);
  }
  if (typed.length > 0) events.push(promptEvent(place, first, typed.join('\n'), source));
  for (const event of events) {
    if (event.kind === 'prompt' || isTypedCommand(event)) deliver(source.queue, event.text ?? '');
  }
  if (typed.length > 0) source.promptSeen = true;
  if (events.length === 0) events.push(meta(place, 'context', 0, null));
  return events;
}

function promptEvent(place: Place, block: number, text: string, source: Source): AgentEvent {
  const probe = !source.promptSeen && isProbe(text);
  return probe ? meta(place, 'internal', block, text) : plain(place, 'prompt', block, text);
}

function isTypedCommand(event: AgentEvent): boolean {
  return event.kind === 'meta' && (event.subtype === 'command' || event.subtype === 'shell');
}

/** Adds the events of one block, and returns the text that a person typed in it. */
function blockEvents(events: AgentEvent[], place: Place, index: number, block: Json, author: Author): string | null {
  const type = isObject(block) ? block['type'] : undefined;
  if (isObject(block) && type === 'text') {
    const text = block['text'];
    if (typeof text === 'string') return textEvents(events, place, index, text, author);
    flagOnce(place.flags, 'wrong_type');
  } else if (type === 'image' || type === 'document') {
    if (author === 'person') return `[${type}]`;
    events.push(meta(place, author === 'summary' ? 'context' : author, index, `[${type}]`));
    return null;
  }
  const recordType = typeof type === 'string' ? `${place.recordType}.${type}` : place.recordType;
  events.push(unknown({ ...place, recordType }, index, block));
  return null;
}

function textEvents(events: AgentEvent[], place: Place, index: number, text: string, author: Author): string | null {
  const { text: rest, context } = stripPrompt(text);
  if (context !== null) events.push(meta(place, 'context', `${index}:context`, context));
  if (rest.trim() === '') return null;
  const reading = readText(rest, author);
  if (reading.kind === 'prompt') return reading.text;
  events.push(readEvent(place, index, reading));
  return null;
}

function readEvent(place: Place, index: number, reading: Reading): AgentEvent {
  switch (reading.kind) {
    case 'prompt':
    case 'summary':
      return plain(place, reading.kind, index, reading.text);
    case 'interrupt':
      return interrupt(place, reading.subtype, index, reading.text);
    case 'stop_hook':
      return hook(place, index, reading.text, { subtype: 'blocked', callId: null, durationS: null });
    case 'submit_hook':
      return hook(place, index, reading.text, { subtype: 'context', callId: null, durationS: null });
    case 'meta':
      return meta(place, reading.subtype, index, reading.text);
    default:
      return never(reading);
  }
}
