import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { stripPrompt } from './context.ts';
import { meta, plain } from '../shared/events.ts';
import type { Place } from '../shared/place.ts';
import { readText } from './prompts.ts';

/** A prompt that was typed while the agent worked; only the end of the source tells whether it was delivered. */
interface HeldPrompt {
  readonly place: Place;
  readonly text: string;
  /** Delivered as a line of its own, or taken back by the person. */
  settled: boolean;
}

export interface PromptQueue {
  readonly held: HeldPrompt[];
  /** What is not settled, by its text in one spacing. */
  readonly waiting: Map<string, HeldPrompt[]>;
}

/** A queue this long is not a person's; only exact matches are looked for then. */
const MANY_WAITING = 100;

export function newQueue(): PromptQueue {
  return { held: [], waiting: new Map() };
}

/** A `queue-operation` line: an event at once, or at the end of the source when it may turn out to be the prompt. */
export function queueEvents(place: Place, value: JsonObject, queue: PromptQueue): AgentEvent[] {
  const text = queuedText(value['content']);
  const operation = value['operation'];
  if (operation === 'enqueue' && text !== null && isTyped(text)) {
    hold(queue, { place, text, settled: false });
    return [];
  }
  // Taken back into the input field; the text names what was, all of it joined.
  if (operation === 'popAll' && text !== null) deliver(queue, text);
  if (operation === 'popAll' && text === null) settleAll(queue);
  // Up to 2.1.202 `remove` carries no text and means delivery in the middle of a turn, which leaves no other line.
  if (operation === 'remove' && text !== null) settleOldest(queue, text);
  return [meta(place, 'queued', 0, text)];
}

/** A prompt, command or `!cmd` has arrived as a line: what waited with its text is not a prompt of its own. */
export function deliver(queue: PromptQueue, text: string): void {
  if (queue.waiting.size === 0) return;
  settle(queue, oneSpacing(text));
  if (!text.includes('\n') || queue.waiting.size > MANY_WAITING) return;
  // Several waiting prompts are delivered as one, joined by line feeds.
  const lines = `\n${text}\n`;
  for (const [key, waiting] of queue.waiting) {
    if (waiting.some((prompt) => lines.includes(`\n${stripPrompt(prompt.text).text.trim()}\n`))) settle(queue, key);
  }
}

/**
 * The waiting prompts at the end of the source. One that never arrived was answered within a turn or not at all, and is the
 * prompt; `copied`, so that a longer copy of the file, in which it has arrived, wins.
 */
export function closeQueue(queue: PromptQueue): AgentEvent[] {
  return queue.held.map(({ place, text, settled }) =>
    settled ? meta(place, 'queued', 0, text) : plain({ ...place, copied: true }, 'prompt', 0, stripPrompt(text).text),
  );
}

function hold(queue: PromptQueue, prompt: HeldPrompt): void {
  queue.held.push(prompt);
  const key = oneSpacing(stripPrompt(prompt.text).text);
  const waiting = queue.waiting.get(key);
  if (waiting === undefined) queue.waiting.set(key, [prompt]);
  else waiting.push(prompt);
}

function settle(queue: PromptQueue, key: string): void {
  for (const prompt of queue.waiting.get(key) ?? []) prompt.settled = true;
  queue.waiting.delete(key);
}

function settleOldest(queue: PromptQueue, text: string): void {
  const key = oneSpacing(stripPrompt(text).text);
  const waiting = queue.waiting.get(key);
  const oldest = waiting?.shift();
  if (oldest !== undefined) oldest.settled = true;
  if (waiting?.length === 0) queue.waiting.delete(key);
}

function settleAll(queue: PromptQueue): void {
  for (const key of queue.waiting.keys()) settle(queue, key);
}

/** Machine messages wait in the same queue, and slash commands arrive as commands. */
function isTyped(text: string): boolean {
  const rest = stripPrompt(text).text.trim();
  if (rest === '' || rest.startsWith('{"task_id"') || /^\/[A-Za-z][\w:-]*(?:\s|$)/.test(rest)) return false;
  return readText(rest, 'person').kind === 'prompt';
}

/** Text of a queued prompt, which is written as text or as blocks. */
export function queuedText(content: Json | undefined): string | null {
  if (!Array.isArray(content)) return asText(content);
  const parts = content.map((block: Json) => {
    if (typeof block === 'string') return block;
    if (!isObject(block)) return '';
    return asText(block['text']) ?? `[${asText(block['type']) ?? 'unknown'}]`;
  });
  return asText(parts.filter((part) => part !== '').join('\n'));
}

function oneSpacing(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
