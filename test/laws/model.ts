import { agentId, eventId } from '../../src/core/ids.ts';
import type { Line } from './lines.ts';
import type { Counters, Fact } from './records.ts';

/** What one file must look like in the ledger. */
export interface FileModel {
  readonly bytes: number;
  readonly pending_bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly salvaged: number;
  readonly quarantined: number;
  readonly blank: number;
  /** Events that are derived of the file, whether they are kept or not. */
  readonly derived: number;
}

/** What the whole store must hold. */
export interface StoreModel {
  /** Ids of all events but those that are known by their content only, sorted. */
  readonly ids: readonly string[];
  /** How many are known by their content only. */
  readonly states: number;
  readonly prompts: number;
  readonly usage: Counters;
}

/** All lines that a world can write, by their bytes. */
export type Meanings = ReadonlyMap<string, Line>;

export function meaningsOf(lines: Iterable<Line>): Meanings {
  return new Map(Array.from(lines, (line) => [asKey(line.bytes), line]));
}

function asKey(bytes: Buffer): string {
  return bytes.toString('latin1');
}

const LF = 0x0a;
const torn: Line = { bytes: Buffer.alloc(0), class: 'quarantined', facts: [], records: [] };
const blank: Line = { ...torn, class: 'blank' };

/** The lines that a sync reads of a file, and the bytes that wait for the rest of their line. */
export function readFile(
  bytes: Buffer,
  meanings: Meanings,
  isFinished: boolean,
): { readonly lines: readonly Line[]; readonly pendingBytes: number } {
  const lines: Line[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LF, start); end >= 0; end = bytes.indexOf(LF, start)) {
    lines.push(meaningOf(bytes.subarray(start, end), meanings));
    start = end + 1;
  }
  const tail = bytes.subarray(start);
  if (tail.length === 0) return { lines, pendingBytes: 0 };
  const isWhole = meanings.get(asKey(tail))?.class === 'records';
  if (!isWhole && !isFinished) return { lines, pendingBytes: tail.length };
  return { lines: [...lines, meaningOf(tail, meanings)], pendingBytes: 0 };
}

function meaningOf(bytes: Buffer, meanings: Meanings): Line {
  return meanings.get(asKey(bytes)) ?? (/^[ \t\r]*$/.test(asKey(bytes)) ? blank : torn);
}

export function fileModel(bytes: Buffer, lines: readonly Line[], pendingBytes: number): FileModel {
  const count = (lineClass: Line['class']): number => lines.filter((line) => line.class === lineClass).length;
  const facts = lines.flatMap((line) => line.facts);
  const responses = new Set(facts.filter(({ kind }) => kind === 'usage').map(({ key }) => key));
  return {
    bytes: bytes.length - pendingBytes,
    pending_bytes: pendingBytes,
    lines: lines.length,
    records: count('records'),
    salvaged: count('salvaged'),
    quarantined: count('quarantined'),
    blank: count('blank'),
    derived: facts.filter(({ kind }) => kind !== 'usage').length + responses.size,
  };
}

/** The union of all versions of all files that a store has seen: nothing of it may be lost or counted twice. */
export class Seen {
  readonly #facts = new Map<string, Fact>();
  readonly #usage = new Map<string, Counters>();
  readonly #arrived = new Set<string>();

  add(lines: readonly Line[]): void {
    const occurrences = new Map<string, number>();
    const waiting = new Map<string, string>();
    for (const fact of lines.flatMap((line) => line.facts)) {
      const key = isKnownByContent(fact) ? numbered(fact.key, occurrences) : fact.key;
      this.#facts.set(key, fact);
      if (fact.kind === 'waiting') waiting.set(fact.text, key);
      const arrived = fact.kind === 'prompt' ? waiting.get(fact.text) : undefined;
      if (arrived !== undefined) this.#arrived.add(arrived);
      if (fact.counters !== null) this.#usage.set(key, largest(this.#usage.get(key), fact.counters));
    }
  }

  model(): StoreModel {
    const facts = [...this.#facts];
    const agent = agentId('claude-code');
    const isPrompt = ([key, { kind }]: readonly [string, Fact]): boolean =>
      kind === 'prompt' || (kind === 'waiting' && !this.#arrived.has(key));
    return {
      ids: facts.flatMap(([key, fact]) => (isKnownByContent(fact) ? [] : [eventId(agent, key)])).sort(),
      states: facts.filter(([, fact]) => isKnownByContent(fact)).length,
      prompts: facts.filter(isPrompt).length,
      usage: [...this.#usage.values()].reduce(sum, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }),
    };
  }
}

/** Lines without a uuid; equal ones of one file are told apart by their number. */
function isKnownByContent({ kind }: Fact): boolean {
  return kind === 'state' || kind === 'waiting';
}

function numbered(key: string, occurrences: Map<string, number>): string {
  const number = (occurrences.get(key) ?? 0) + 1;
  occurrences.set(key, number);
  return `${key} ${number}`;
}

function largest(a: Counters | undefined, b: Counters): Counters {
  return a === undefined ? b : combine(a, b, Math.max);
}

function sum(a: Counters, b: Counters): Counters {
  return combine(a, b, (x, y) => x + y);
}

function combine(a: Counters, b: Counters, pick: (x: number, y: number) => number): Counters {
  return {
    input: pick(a.input, b.input),
    output: pick(a.output, b.output),
    cacheRead: pick(a.cacheRead, b.cacheRead),
    cacheWrite: pick(a.cacheWrite, b.cacheWrite),
  };
}
