import type { Micros } from '../../core/event.ts';
import { asText } from '../../core/json.ts';
import type { Entry } from './entries.ts';
import { bareThread, threadOf, uuidTimeMs, type Thread } from './threads.ts';
import { isTurnStart, isWork, turnIdOf, turnTimeMs } from './turns.ts';

/** An entry with the thread that it belongs to. */
export interface Owned {
  readonly entry: Entry;
  readonly thread: Thread;
  /** The line repeats one of its thread's own file, in the file of a fork or of a sub-agent. */
  readonly copied: boolean;
  /** Whether it is a copy, or whose, can only be guessed. */
  readonly uncertain: boolean;
  readonly turn: string | null;
  /** Names the place of the entry the same way in every copy: keys of content are told apart within it. */
  readonly scope: string;
}

/** Copied lines are all written at once: within this of the first line, or of the one before (formats.md 2.9). */
const BURST_US = 1_000_000;
const BURST_GAP_US = 200_000;
/** The most lines of a turn's opening that wait for what comes after them. */
const MOST_WAITING = 1000;

type Phase = 'opening' | 'prefix' | 'own';

/**
 * Tells the lines that a fork or a sub-agent copied from its parent from its own, as far as one file can (formats.md 2.9). A turn
 * that is older than the thread is a copy; where turns have no time, what was written at once with the head of the file is one,
 * but for the opening of a turn at its end in which the model has not worked yet.
 */
export class Lineage {
  #own: Thread;
  #owner: Thread;
  readonly #ancestors = new Map<string, Thread>();
  #phase: Phase = 'opening';
  /** The copied lines have no head that names their thread. */
  #isGuess = false;
  /** There is a copy, and nothing tells where it ends. */
  #hasNoBoundary = false;
  #inOlderTurn = false;
  #waiting: Entry[] = [];
  #firstTs: Micros | null = null;
  #lastTs: Micros | null = null;
  #turn: string | null = null;
  #afterCopy = false;
  /** A turn began since the last head: in a copy of a copy, it may be of another thread than the head's. */
  #isPastHead = false;

  constructor(own: Thread) {
    this.#own = own;
    this.#owner = own;
  }

  *take(entry: Entry): Generator<Owned> {
    const meta = entry.type === 'session_meta' ? asText(entry.payload['id']) : null;
    if (meta !== null && meta !== this.#own.id) {
      yield* this.#takeForeign(entry, meta);
    } else if (entry.type === 'session_meta') {
      yield* this.#end();
      this.#takeOwn(entry);
      yield this.#owned(entry, false);
    } else if (this.#phase === 'prefix') {
      yield* this.#takeInPrefix(entry);
    } else {
      yield this.#owned(entry, false);
    }
    this.#lastTs = entry.ts ?? this.#lastTs;
  }

  /** What still waits at the end of the file. */
  *close(): Generator<Owned> {
    yield* this.#end();
  }

  /** The head of the file, or one that a resumed session wrote again: only its version is news. */
  #takeOwn(entry: Entry): void {
    const written = threadOf(entry.payload, this.#own.id);
    const isHead = this.#firstTs === null && this.#phase === 'opening';
    this.#own = isHead ? written : { ...this.#own, agentVersion: written.agentVersion ?? this.#own.agentVersion };
    if (!isHead) return;
    this.#firstTs = entry.ts;
    const { origin, parentId, startOrdinal, isPaginated } = written;
    const source = origin ?? (startOrdinal === null ? null : parentId);
    if (isPaginated) this.#phase = 'own';
    else if (source !== null) this.#beginGuess(source);
  }

  /** The head names an origin; the copied lines may begin without a head of their own. */
  #beginGuess(origin: string): void {
    if (this.#firstTs === null) return;
    this.#phase = 'prefix';
    this.#isGuess = this.#own.startOrdinal === null;
    this.#owner = bareThread(origin);
  }

  *#takeForeign(entry: Entry, id: string): Generator<Owned> {
    const begins = this.#phase !== 'own' && this.#firstTs !== null && this.#isAtOnce(entry);
    if (!begins) {
      // Without times nothing tells where the copy ends, so all that follows may be one.
      if (this.#phase === 'opening' && this.#firstTs === null) this.#hasNoBoundary = true;
      yield this.#owned(entry, false);
      return;
    }
    yield* this.#release(true);
    this.#phase = 'prefix';
    this.#isGuess = false;
    this.#inOlderTurn = false;
    this.#owner = threadOf(entry.payload, id);
    this.#isPastHead = false;
    this.#ancestors.set(id, this.#owner);
    yield this.#owned(entry, true);
  }

  *#takeInPrefix(entry: Entry): Generator<Owned> {
    const { startOrdinal } = this.#own;
    if (startOrdinal !== null && entry.ordinal !== null) {
      if (entry.ordinal >= startOrdinal) yield* this.#end(entry);
      else yield this.#owned(entry, true);
      return;
    }
    const age = this.#ageOf(entry);
    if (age === 'own') {
      yield* this.#release(true);
      yield* this.#end(entry);
    } else if (!this.#isAtOnce(entry)) {
      yield* this.#end(entry);
    } else if (age === 'older' || isWork(entry) || this.#waiting.length >= MOST_WAITING) {
      yield* this.#release(true);
      if (age === 'older') this.#beginOlderTurn(entry);
      yield this.#owned(entry, true);
    } else if (this.#inOlderTurn && !this.#isOtherTurn(entry)) {
      yield this.#owned(entry, true);
    } else {
      this.#inOlderTurn = false;
      this.#waiting.push(entry);
    }
  }

  /** The copy ends; a turn that has begun and in which nothing was done yet is the thread's own. */
  *#end(first?: Entry): Generator<Owned> {
    const isOpening = this.#waiting.some((entry) => isTurnStart(entry) || isUserMessage(entry));
    yield* this.#release(!isOpening);
    if (this.#phase === 'prefix') this.#leave();
    if (first !== undefined) yield this.#owned(first, false);
  }

  #leave(): void {
    this.#phase = 'own';
    this.#isGuess = false;
    this.#owner = this.#own;
  }

  *#release(copied: boolean): Generator<Owned> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const entry of waiting) yield this.#owned(entry, copied);
  }

  #isAtOnce({ ts }: Entry): boolean {
    if (ts === null || this.#firstTs === null) return true;
    return ts - this.#firstTs <= BURST_US || (this.#lastTs !== null && ts - this.#lastTs <= BURST_GAP_US);
  }

  /** Whether a turn began before the thread was made. */
  #ageOf(entry: Entry): 'older' | 'own' | null {
    const { createdMs } = this.#own;
    const time = isTurnStart(entry) ? turnTimeMs(entry) : null;
    if (time === null || createdMs === null) return null;
    if (time[1] < createdMs) return 'older';
    return time[0] >= createdMs ? 'own' : null;
  }

  #isOtherTurn(entry: Entry): boolean {
    return isTurnStart(entry) && turnIdOf(entry) !== null && turnIdOf(entry) !== this.#turn;
  }

  /** A copy of a copy holds turns of several threads: a turn is of the youngest that was there when it began. */
  #beginOlderTurn(entry: Entry): void {
    this.#inOlderTurn = true;
    const [, latest] = turnTimeMs(entry) ?? [];
    if (latest === undefined) return;
    const there = [...this.#ancestors.values()].filter(({ createdMs }) => createdMs !== null && createdMs <= latest);
    const [first, ...others] = there;
    if (first === undefined) return;
    this.#owner = others.reduce(
      (young, thread) => ((thread.createdMs ?? 0) > (young.createdMs ?? 0) ? thread : young),
      first,
    );
  }

  #owned(entry: Entry, copied: boolean): Owned {
    const thread = copied ? this.#owner : this.#own;
    if (this.#afterCopy && !copied) this.#turn = null;
    this.#afterCopy = copied;
    if (isTurnStart(entry)) {
      this.#turn = turnIdOf(entry) ?? this.#turn;
      this.#isPastHead = true;
    }
    const turn = this.#turn;
    const uncertain = copied ? this.#isGuess || this.#isNested(turn) : this.#hasNoBoundary;
    return { entry, thread, copied, uncertain, turn, scope: scopeOf(thread, turn) };
  }

  /** Without times in the ids of turns, the lines of a copy's copy cannot be told apart by their thread. */
  #isNested(turn: string | null): boolean {
    return this.#ancestors.size > 1 && this.#isPastHead && (turn === null || uuidTimeMs(turn) === null);
  }
}

/** A turn's id is its own in the whole world when it is a uuid; else it is only within its thread. */
function scopeOf(thread: Thread, turn: string | null): string {
  if (turn === null) return thread.id;
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(turn) ? turn : `${thread.id}:${turn}`;
}

function isUserMessage({ type, inner, payload }: Entry): boolean {
  if (type === 'event_msg') return inner === 'user_message';
  return type === 'response_item' && inner === 'message' && payload['role'] === 'user';
}
