/**
 * Finds the places of many words in one pass over a text: three characters at a time, folded to 15 bits, are looked up in a bitmap; what
 * hits is compared. Whatever text comes, the pass is linear.
 */
export interface Keyword<Rule> {
  /** As it stands in texts; in lower case when `folded`. */
  readonly word: string;
  /** Any case of letters. */
  readonly folded: boolean;
  readonly rule: Rule;
}

const LEAST_LENGTH = 3;
const BITS = 15;
const MASK = (1 << BITS) - 1;

/** Classes of the low byte of a character: what is no letter of a word may be taken for one, and is then compared. */
const classes = Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte & 127));

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 96;
  if (code >= 65 && code <= 90) return code - 64;
  if (code >= 48 && code <= 57) return 27;
  if (code === 95 || code === 45) return 28;
  if (code === 46 || code === 58 || code === 47 || code === 61) return 29;
  return 0;
}

/** Characters that are looked at together. */
const BLOCK = 16 * 1024;
/** The low bytes of a block: a loop over bytes takes a third of the time that one over a string does. */
const block = Buffer.alloc(BLOCK);

export class KeywordIndex<Rule> {
  /** For each hash whether there are words; so small that the processor keeps it at hand. */
  readonly #known = new Uint8Array(1 << BITS);
  /** For each hash the place of its words in the list; 0: none. */
  readonly #places = new Uint16Array(1 << BITS);
  readonly #words: Keyword<Rule>[][] = [[]];

  constructor(keywords: Iterable<Keyword<Rule>>) {
    for (const keyword of keywords) {
      if (keyword.word.length < LEAST_LENGTH) throw new TypeError(`Expected three characters, got "${keyword.word}"`);
      const hash = hashOf(keyword.word);
      this.#known[hash] = 1;
      const place = this.#places[hash] ?? 0;
      if (place === 0) this.#places[hash] = this.#words.push([keyword]) - 1;
      else this.#words[place]?.push(keyword);
    }
  }

  /** Calls `found` for each place of each word that begins before `until`, places in order. */
  scan(text: string, until: number, found: (rule: Rule, at: number) => void): void {
    const length = Math.min(text.length, until + LEAST_LENGTH - 1);
    // The last characters of a block are the first of the next one: a word may lie across.
    for (let from = 0; from + LEAST_LENGTH <= length; from += BLOCK - LEAST_LENGTH + 1) {
      this.#scanBlock(text, from, Math.min(BLOCK, length - from), found);
    }
  }

  #scanBlock(text: string, from: number, length: number, found: (rule: Rule, at: number) => void): void {
    const isWhole = from === 0 && length === text.length;
    block.write(isWhole ? text : text.slice(from, from + length), 'latin1');
    const known = this.#known;
    // All places first: whoever hears of one may look through another text with the same block.
    const hits: number[] = [];
    let hash = 0;
    for (let index = 0; index < length; index += 1) {
      hash = ((hash << 5) | (classes[block[index] ?? 0] ?? 0)) & MASK;
      if (known[hash] !== 0 && index >= LEAST_LENGTH - 1) hits.push((index << BITS) | hash);
    }
    for (const hit of hits) {
      const words = this.#words[this.#places[hit & MASK] ?? 0] ?? [];
      this.#compare(text, from + (hit >> BITS) - LEAST_LENGTH + 1, words, found);
    }
  }

  #compare(text: string, at: number, words: readonly Keyword<Rule>[], found: (rule: Rule, at: number) => void): void {
    for (const { word, folded, rule } of words) if (stands(text, at, word, folded)) found(rule, at);
  }
}

function hashOf(word: string): number {
  let hash = 0;
  for (let index = 0; index < 3; index += 1) hash = (hash << 5) | (classes[word.charCodeAt(index) & 127] ?? 0);
  return hash & MASK;
}

function stands(text: string, at: number, word: string, folded: boolean): boolean {
  for (let index = 0; index < word.length; index += 1) {
    const code = text.charCodeAt(at + index);
    const wanted = word.charCodeAt(index);
    if (code === wanted) continue;
    if (!folded || code < 65 || code > 90 || code + 32 !== wanted) return false;
  }
  return true;
}
