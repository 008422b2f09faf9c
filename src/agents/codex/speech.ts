import type { Micros } from '../../core/event.ts';
import { asArray, asText, isObject } from '../../core/json.ts';
import { digest } from '../shared/keys.ts';
import { partsOf, type Part } from './content.ts';
import type { Entry } from './entries.ts';
import { injectedOf, splitRequest } from './injected.ts';
import type { Owned } from './lineage.ts';
import { isWork } from './turns.ts';

/** A "user" message is written once for the model and, by most versions, once as what was typed: one of the two is the prompt. */
export type Speech = 'prompt' | 'mirror' | 'context';

export interface Spoken extends Owned {
  /** Null for what is no message of a user. */
  readonly speech: Speech | null;
}

/** The parts of a user's message by where they come from. */
export interface UserText {
  readonly injected: readonly Part[];
  readonly typed: readonly Part[];
}

/** The most entries that wait for the second copy of a message. */
const MOST_WAITING = 1000;

interface Waiting {
  readonly owned: Owned;
  speech: Speech | null;
  /** The message's key while it is open whether a person typed it. */
  open: string | null;
}

interface Typed {
  readonly turn: string | null;
  readonly ts: Micros | null;
}

/**
 * Decides which user messages are prompts (formats.md 2.8). A message for the model waits until its second copy comes or the model
 * begins to work. Where a file holds what was typed, only that makes a prompt; where it does not, every message that the program
 * did not add is one.
 */
export class Speeches {
  #waiting: Waiting[] = [];
  #isTyped = false;
  readonly #typedBefore = new Map<string, Typed>();
  /** How many copies of a message, by its key, are still to come from the other side. */
  readonly #itemsToCome = new Map<string, number>();
  readonly #typedToCome = new Map<string, number>();

  *take(owned: Owned): Generator<Spoken> {
    const { entry } = owned;
    const typed = typedKeyOf(entry);
    const item = typed === null ? itemKeyOf(entry) : null;
    const waiting: Waiting = { owned, speech: null, open: null };
    if (typed !== null) waiting.speech = this.#speechOfTyped(typed, owned);
    else if (item !== null && takeOne(this.#itemsToCome, item)) waiting.speech = 'mirror';
    else waiting.open = item;
    this.#waiting.push(waiting);
    if (isSettling(entry) || this.#waiting.length >= MOST_WAITING) this.#settle();
    if (this.#waiting.every(({ open }) => open === null)) yield* this.#release();
  }

  *close(): Generator<Spoken> {
    this.#settle();
    yield* this.#release();
  }

  #speechOfTyped(key: string, owned: Owned): Speech {
    this.#isTyped = true;
    const before = this.#typedBefore.get(key);
    const { ts } = owned.entry;
    this.#typedBefore.set(key, { turn: owned.turn, ts });
    if (before !== undefined && isRepeated(before, owned)) return 'mirror';
    const item = this.#waiting.find(({ open }) => open === key);
    if (item !== undefined) {
      item.open = null;
      item.speech = 'prompt';
      return 'mirror';
    }
    if (takeOne(this.#typedToCome, key)) return 'mirror';
    addOne(this.#itemsToCome, key);
    return 'prompt';
  }

  #settle(): void {
    for (const item of this.#waiting) {
      if (item.open === null) continue;
      item.speech = this.#isTyped ? 'context' : 'prompt';
      if (!this.#isTyped) addOne(this.#typedToCome, item.open);
      item.open = null;
    }
  }

  *#release(): Generator<Spoken> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { owned, speech } of waiting) yield { ...owned, speech };
  }
}

/** After an abort the first prompt may be written again: in the same turn, or in the same second (which all copied lines share). */
function isRepeated(before: Typed, { turn, entry, copied }: Owned): boolean {
  if (turn !== null && turn === before.turn) return true;
  if (copied) return false;
  return entry.ts !== null && before.ts !== null && Math.abs(entry.ts - before.ts) < 1_000_000;
}

function isSettling(entry: Entry): boolean {
  return isWork(entry) || entry.inner === 'token_count';
}

function typedKeyOf(entry: Entry): string | null {
  return isTypedMessage(entry) ? keyOf(userTextOf(entry)) : null;
}

function itemKeyOf(entry: Entry): string | null {
  return isUserItem(entry) ? keyOf(userTextOf(entry)) : null;
}

function keyOf(text: UserText): string | null {
  return text.typed.length === 0 ? null : speechKey(text);
}

/** The same for every form of a message: they differ in line feeds and in how images are written. */
export function speechKey({ typed }: UserText): string {
  const words = typed.filter(({ isText }) => isText).map(({ text }) => splitRequest(text).request);
  return digest(words.join('').replaceAll(/\s+/g, ''));
}

function isTypedMessage({ type, inner, payload }: Entry): boolean {
  if (type !== 'event_msg') return false;
  const item = payload['item'];
  return inner === 'user_message' || (inner === 'item_completed' && isObject(item) && item['type'] === 'UserMessage');
}

function isUserItem({ type, inner, payload }: Entry): boolean {
  return type === 'response_item' && inner === 'message' && payload['role'] === 'user';
}

/** What a user message holds, in its three forms: item for the model, event, item of a paginated file. */
export function userTextOf({ inner, payload }: Entry): UserText {
  const parts = inner === 'user_message' ? eventParts(payload) : partsOf(contentOf(payload));
  const isKind = (part: Part): boolean => part.isText && (injectedOf(part.text) !== null || part.text.trim() === '');
  const kind = asText(payload['kind']);
  if (inner === 'user_message' && kind !== null && kind !== 'plain') return { injected: parts, typed: [] };
  return { injected: parts.filter(isKind), typed: parts.filter((part) => !isKind(part)) };
}

function contentOf(payload: Entry['payload']): Entry['payload'][string] {
  const item = payload['item'];
  return isObject(item) ? item['content'] : payload['content'];
}

function eventParts(payload: Entry['payload']): readonly Part[] {
  const images = [...(asArray(payload['images']) ?? []), ...(asArray(payload['local_images']) ?? [])];
  return [...partsOf(payload['message']), ...images.map(() => ({ text: '[image]', isText: false }))];
}

function takeOne(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
