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

/** Where a word stands in a text. */
export interface Place<Rule> {
  readonly keyword: Keyword<Rule>;
  readonly at: number;
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
/** The low bytes of a block and of the character behind it: a loop over bytes takes a third of the time that one over a string does. */
const block = Buffer.alloc(BLOCK + 1);

/** Places in blocks whose three characters begin a word, and their hashes: a stack, since whoever hears of one may look through another text. */
let hits = new Int32Array(2 * BLOCK);
let hitsInUse = 0;

export class KeywordIndex<Rule> {
  /** For each hash whether there are words; so small that the processor keeps it at hand. */
  readonly #known = new Uint8Array(1 << BITS);
  /** For each hash the classes of the fourth character, a bit each: English is full of words that begin as one of these does. */
  readonly #fourth = new Int32Array(1 << BITS);
  /** For each hash the place of its words in the list; 0: none. */
  readonly #places = new Uint16Array(1 << BITS);
  readonly #words: Keyword<Rule>[][] = [[]];
  /** Characters of the longest word. */
  readonly longest: number;

  constructor(keywords: Iterable<Keyword<Rule>>) {
    let longest = 0;
    for (const keyword of keywords) {
      const { word } = keyword;
      if (word.length < LEAST_LENGTH) throw new TypeError(`Expected three characters, got "${word}"`);
      longest = Math.max(longest, word.length);
      const hash = hashOf(word);
      this.#known[hash] = 1;
      this.#fourth[hash] = (this.#fourth[hash] ?? 0) | (word.length > 3 ? 1 << classOf(word.charCodeAt(3)) : -1);
      const place = this.#places[hash] ?? 0;
      if (place === 0) this.#places[hash] = this.#words.push([keyword]) - 1;
      else this.#words[place]?.push(keyword);
    }
    this.longest = longest;
  }

  /** All places in a text, in order. */
  placesIn(text: string): readonly Place<Rule>[] {
    const places: Place<Rule>[] = [];
    this.scan(text, text.length, (keyword, at) => places.push({ keyword, at }));
    return places;
  }

  /** Calls `found` for each place of each word that begins before `until`, places in order. */
  scan(text: string, until: number, found: (keyword: Keyword<Rule>, at: number) => void): void {
    const length = Math.min(text.length, until + LEAST_LENGTH - 1);
    // The last characters of a block are the first of the next one: a word may lie across.
    for (let from = 0; from + LEAST_LENGTH <= length; from += BLOCK - LEAST_LENGTH + 1) {
      this.#scanBlock(text, from, Math.min(BLOCK, length - from), found);
    }
  }

  #scanBlock(text: string, from: number, length: number, found: (keyword: Keyword<Rule>, at: number) => void): void {
    const first = hitsInUse;
    if (hits.length < first + length) hits = grown(hits, 2 * (first + length));
    const list = hits;
    const end = this.#hitsIn(text, from, length, list, first);
    hitsInUse = end;
    try {
      for (let index = first; index < end; index += 1) {
        const hit = list[index] ?? 0;
        const at = from + (hit >> BITS) - LEAST_LENGTH + 1;
        for (const keyword of this.#words[this.#places[hit & MASK] ?? 0] ?? []) {
          if (stands(text, at, keyword.word, keyword.folded)) found(keyword, at);
        }
      }
    } finally {
      hitsInUse = first;
    }
  }

  /** Writes the hits of a block into the list from `first` on; returns where they end. */
  #hitsIn(text: string, from: number, length: number, list: Int32Array, first: number): number {
    const isWhole = from === 0 && length === text.length;
    block[length] = 0;
    block.write(isWhole ? text : text.slice(from, from + length + 1), 'latin1');
    const known = this.#known;
    const fourth = this.#fourth;
    let end = first;
    let hash = ((classes[block[0] ?? 0] ?? 0) << 5) | (classes[block[1] ?? 0] ?? 0);
    for (let index = LEAST_LENGTH - 1; index < length; index += 1) {
      hash = ((hash << 5) | (classes[block[index] ?? 0] ?? 0)) & MASK;
      if (known[hash] === 0) continue;
      if ((((fourth[hash] ?? 0) >>> (classes[block[index + 1] ?? 0] ?? 0)) & 1) === 0) continue;
      list[end] = (index << BITS) | hash;
      end += 1;
    }
    return end;
  }
}

function grown(list: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(list);
  return longer;
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
