import type { SecretKind } from './kinds.ts';

/** Shorter values are everyday words: only where they were found they are hidden. */
const SHARED_LENGTH = 12;
/** Characters by which a value is looked up. */
const BEGINNING = 8;
const BITS = 16;

/** Whether a secret is looked for in other places than the one where a rule saw it. */
export function isShared(value: string): boolean {
  return value.length >= SHARED_LENGTH && /\d/.test(value);
}

/** Values that are looked for everywhere, however many, in one pass over each text. */
export class ValuesIndex {
  readonly #kinds = new Map<string, SecretKind>();
  readonly #byBeginning = new Map<string, string[]>();
  /** Which pairs of characters a value can begin with. */
  readonly #pairs = new Uint8Array(1 << BITS);

  get size(): number {
    return this.#kinds.size;
  }

  get values(): Iterable<string> {
    return this.#kinds.keys();
  }

  kindOf(value: string): SecretKind | undefined {
    return this.#kinds.get(value);
  }

  /** True when it is new. The first kind that a value was found as stays. */
  add(value: string, kind: SecretKind): boolean {
    if (this.#kinds.has(value)) return false;
    this.#kinds.set(value, kind);
    const beginning = value.slice(0, BEGINNING);
    const known = this.#byBeginning.get(beginning);
    if (known === undefined) this.#byBeginning.set(beginning, [value]);
    else known.push(value);
    this.#pairs[pairOf(value.charCodeAt(0), value.charCodeAt(1))] = 1;
    return true;
  }

  scan(text: string, found: (value: string, at: number) => void): void {
    if (this.#kinds.size === 0) return;
    const pairs = this.#pairs;
    let before = text.charCodeAt(0);
    for (let index = 1; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (pairs[pairOf(before, code)] !== 0) this.#compare(text, index - 1, found);
      before = code;
    }
  }

  #compare(text: string, at: number, found: (value: string, at: number) => void): void {
    const candidates = this.#byBeginning.get(text.slice(at, at + BEGINNING));
    if (candidates === undefined) return;
    for (const value of candidates) if (text.startsWith(value, at)) found(value, at);
  }
}

function pairOf(first: number, second: number): number {
  return ((first & 255) << 8) | (second & 255);
}
