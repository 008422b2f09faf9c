import { boundText, cutPlaces, wellFormed, type TextBound } from '../text.ts';
import { findSecrets, type Found } from './find.ts';
import { KnownSecrets, type KnownSecret } from './known.ts';
import { markOf, merged } from './mark.ts';
import { laneOf, splitSecret, type Lane } from './split.ts';
import { isShared, ValuesIndex } from './values-index.ts';

/** How far a secret is followed beyond the cut behind the head. */
const BEYOND = 1024;
const MEMORY = 256;
/** Streams that can be told apart at a time. */
const MOST_LANES = 32;
/** Names of fields that say what their value is. */
const telling = /pass|pwd|secret|token|key|auth|cred|cookie|signature/i;
const LONGEST_FIELD = 4096;

/**
 * The secrets of one source. Texts go through it in order, and each is given back without the secrets that its own words show and
 * without those that stood in an earlier text. What an earlier text may hold of a later secret only a second pass can hide.
 */
export class SourceSecrets {
  readonly #key: Uint8Array;
  readonly #known: KnownSecrets;
  readonly #values = new ValuesIndex();
  /** Where each shared value was first seen. */
  readonly #firstSeen = new Map<string, number>();
  /** Beginnings and ends of texts that are half a secret, by the number of the event. */
  readonly #halves = new Map<number, Found[]>();
  readonly #lanes = new Map<string, Lane>();
  /** Names that come again and again, as they were last shown. */
  readonly #names = new Map<string, string>();
  #place = -1;
  #event = -1;
  /** The event is the first of its record. */
  #isFirst = true;
  #late = false;

  constructor(key: Uint8Array, known: readonly KnownSecret[] = []) {
    this.#key = key;
    this.#known = new KnownSecrets(known, key);
  }

  /** How many values are looked for everywhere; a text that was shown before the last of them was found must be shown again. */
  get size(): number {
    return this.#values.size + this.#halves.size;
  }

  /** Values with the byte of the record in which they were first seen. */
  get firstSeen(): ReadonlyMap<string, number> {
    return this.#firstSeen;
  }

  /** A text that has been shown holds, or may hold, a part of what was found later: another part of its record, or the next text. */
  get isLate(): boolean {
    return this.#late || this.#halves.size > 0;
  }

  /** From here on texts belong to this event, of the record at this byte. */
  at(byte: number, event: number): void {
    if (event === this.#event) return;
    this.#isFirst = byte !== this.#place || event === 0;
    this.#place = byte;
    this.#event = event;
  }

  /** The whole text, as it may be kept. */
  shown(text: string): string {
    return this.#replaced(text, this.#findings(text, text.length), 0, text.length);
  }

  /** What is kept of a text. */
  bounded(text: string, bound: TextBound): string {
    return this.#bounded(text, bound, []);
  }

  /** What is kept of the text of an event, which may go on where that of the lane's last event ended. */
  boundedEvent(text: string, bound: TextBound, event: number, lane: string): string {
    const before = this.#lanes.get(lane);
    if (before !== undefined && before.event < event) this.#join(before, text, event);
    this.#lanes.delete(lane);
    if (this.#lanes.size >= MOST_LANES) this.#lanes.delete(this.#lanes.keys().next().value ?? '');
    this.#lanes.set(lane, laneOf(event, text));
    return this.#bounded(text, bound, this.#halves.get(event) ?? []);
  }

  /** What is kept of a value, whose name may say that it is a secret. */
  boundedField(name: string, text: string, bound: TextBound): string {
    if (text.length < 4 || text.length > LONGEST_FIELD || !telling.test(name)) return this.bounded(text, bound);
    const before = `${name}: "`;
    const inField = findSecrets(`${before}${text}"`).flatMap((found) => {
      const start = Math.max(0, found.start - before.length);
      const end = Math.min(text.length, found.end - before.length);
      return end > start ? [{ ...found, start, end }] : [];
    });
    return this.#bounded(text, bound, inField);
  }

  /** As `bounded`, and well-formed, for names and paths: they come again with every event. */
  name(text: string, bound: TextBound): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const values = this.size;
    const shown = wellFormed(this.bounded(text, bound)).text;
    if (this.size !== values) this.#names.clear();
    if (this.#names.size >= MEMORY) this.#names.clear();
    this.#names.set(text, shown);
    return shown;
  }

  /** The second pass begins: everything that is there to be found is known. */
  again(): void {
    this.#lanes.clear();
    this.#names.clear();
    this.#event = -1;
  }

  #bounded(text: string, bound: TextBound, given: readonly Found[]): string {
    const cut = cutPlaces(text, bound);
    if (cut === null || cut.tail - cut.head <= BEYOND) {
      const findings = [...given, ...this.#findings(text, text.length)];
      return findings.length === 0 ? boundText(text, bound) : this.#cut(text, bound, findings);
    }
    const head = bound.head === 0 ? [] : this.#findings(text.slice(0, cut.head + BEYOND), cut.head);
    const from = contextBefore(text, cut.tail);
    const tail = bound.tail === 0 ? [] : this.#findings(text.slice(from), text.length);
    const findings = [
      ...given,
      ...head,
      ...tail.map((found) => ({ ...found, start: found.start + from, end: found.end + from })),
    ];
    return findings.length === 0 ? boundText(text, bound) : this.#cut(text, bound, findings);
  }

  /** Cuts beside a secret where the cut would fall into it. */
  #cut(text: string, bound: TextBound, findings: readonly Found[]): string {
    const cut = cutPlaces(text, bound);
    if (cut === null) return this.#replaced(text, findings, 0, text.length);
    const all = merged(findings);
    const head = all.find(({ start, end }) => start < cut.head && end > cut.head)?.end ?? cut.head;
    const tail = all.find(({ start, end }) => start < cut.tail && end > cut.tail)?.start ?? cut.tail;
    if (head >= tail) return this.#replaced(text, all, 0, text.length);
    const before = this.#replaced(text, all, 0, head);
    const after = this.#replaced(text, all, tail, text.length);
    return `${before}\n[... ${tail - head} characters left out ...]\n${after}`;
  }

  #findings(text: string, until: number): readonly Found[] {
    const byRules = findSecrets(text, until);
    const known = this.#known.find(text);
    const findings = known.length === 0 ? byRules : [...byRules, ...known];
    for (const found of findings) this.#remember(found.hidden ?? text.slice(found.start, found.end), found);
    if (this.#values.size === 0) return findings;
    const all = [...findings];
    this.#values.scan(text, (value, start) => {
      all.push({ start, end: start + value.length, kind: this.#values.kindOf(value) ?? 'other' });
    });
    return all;
  }

  #remember(value: string, { kind }: Found): void {
    if (!isShared(value) || !this.#values.add(value, kind)) return;
    this.#firstSeen.set(value, this.#place);
    if (!this.#isFirst) this.#late = true;
    this.#names.clear();
  }

  #join(before: Lane, text: string, event: number): void {
    for (const { value, kind, left, right } of splitSecret(before, text)) {
      this.#remember(value, { start: 0, end: 0, kind });
      this.#addHalf(before.event, { start: before.length - left, end: before.length, kind, hidden: value });
      this.#addHalf(event, { start: 0, end: right, kind, hidden: value });
    }
  }

  #addHalf(event: number, half: Found): void {
    const known = this.#halves.get(event);
    if (known === undefined) this.#halves.set(event, [half]);
    else if (!known.some(({ start, end }) => start === half.start && end === half.end)) known.push(half);
  }

  #replaced(text: string, findings: readonly Found[], from: number, to: number): string {
    let shown = '';
    let done = from;
    for (const { start, end, kind, hidden } of merged(findings)) {
      if (start < from || end > to) continue;
      const value = hidden ?? text.slice(start, end);
      shown += text.slice(done, start) + markOf(this.#values.kindOf(value) ?? kind, value, this.#key);
      done = end;
    }
    return shown + text.slice(done, to);
  }
}

/** What may stand between a word that tells of a secret and the secret. */
const CONTEXT = 160;
const LONGEST = 4096;
const ofToken = /[\w\-./+=~%]/;

/** Where to begin to look, so that what lies across the cut before the tail is seen whole. */
function contextBefore(text: string, cut: number): number {
  let from = cut;
  while (from > 0 && cut - from < LONGEST && ofToken.test(text.charAt(from - 1))) from -= 1;
  const key = text.slice(Math.max(0, cut - LONGEST), cut).lastIndexOf('-----BEGIN');
  if (key !== -1) from = Math.min(from, Math.max(0, cut - LONGEST) + key);
  return Math.max(0, from - CONTEXT);
}
