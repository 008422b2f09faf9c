import { blobAround, encodedWords } from './base64.ts';
import { KeywordIndex, type Place } from './keywords.ts';
import type { Finding } from './kinds.ts';
import { markPattern } from './mark.ts';
import { rules, type Rule } from './rules.ts';
import { placeOf, placesInView, withoutEscapes, withoutWraps, type View } from './views.ts';

/** A secret where it stands. */
export interface Found extends Finding {
  /** The secret itself, when it stands in the text in another form. */
  readonly hidden?: string;
}

/** What redaction leaves behind; such a stretch is never looked into again. */
const marker = new RegExp(markPattern, 'y');
const MARKER_BEGIN = '[secret:';

/** The shortest word of a rule with the shortest value: no secret has less around it. */
const SHORTEST = 8;
const nothing: readonly Found[] = [];

type Entry = { readonly rule: Rule; readonly skip?: never } | { readonly skip: number; readonly rule?: never };

const plainWords = rules.flatMap((rule) => rule.words.map((word) => ({ word, folded: rule.folded, rule: { rule } })));
const encoded = encodedWords.map(({ word, skip }) => ({ word, folded: false, rule: { skip } }));

const plainIndex = new KeywordIndex<Entry>(plainWords);
const fullIndex = new KeywordIndex<Entry>([...plainWords, ...encoded]);

/**
 * Secrets that the rules see in a text: as it stands, without colours, without line breaks of a terminal, and in base64. May overlap.
 * What only begins at `until` or later is not looked for.
 */
export function findSecrets(text: string, until = text.length): readonly Found[] {
  if (text.length < SHORTEST) return nothing;
  const found: Found[] = [];
  const bare = withoutEscapes(text);
  const joined = withoutWraps(bare?.text ?? text);
  const tried = new Trial(text, found);
  if (bare === null && joined === null) {
    fullIndex.scan(text, until, ({ rule }, at) => {
      tried.at(rule, at);
    });
    return found;
  }
  const places = fullIndex.placesIn(text);
  for (const { keyword, at } of places) if (at < until) tried.at(keyword.rule, at);
  const inBare = bare === null ? places : searchView(bare, places, (index) => placeOf(bare, index), found);
  if (joined === null) return found;
  const outer = (index: number): number => (bare === null ? index : placeOf(bare, index));
  searchView(joined, inBare, (index) => outer(placeOf(joined, index)), found);
  return found;
}

/** The last character's place and one more: what was cut out behind a secret is not a part of it. Returns the places of the words. */
function searchView(
  view: View,
  placesBefore: readonly Place<Entry>[],
  placeInText: (index: number) => number,
  found: Found[],
): readonly Place<Entry>[] {
  const places = placesInView(view, placesBefore, fullIndex);
  const inView: Found[] = [];
  const tried = new Trial(view.text, inView);
  for (const { keyword, at } of places) tried.at(keyword.rule, at);
  for (const { start, end, kind, hidden } of inView) {
    const value = hidden ?? view.text.slice(start, end);
    found.push({ start: placeInText(start), end: placeInText(end - 1) + 1, kind, hidden: value });
  }
  return places;
}

/** The rules as they are tried in one text, at the places of their words in order. */
class Trial {
  readonly #text: string;
  readonly #found: Found[];
  /** Where the last match of a rule ended: nothing inside it is tried again, so that repeated words cost nothing more. */
  #triedUntil: Map<Rule, number> | undefined;
  #blobUntil = 0;

  constructor(text: string, found: Found[]) {
    this.#text = text;
    this.#found = found;
  }

  at(entry: Entry, at: number): void {
    if (entry.rule === undefined) {
      if (at >= this.#blobUntil) this.#decode(at, entry.skip);
      return;
    }
    const { rule } = entry;
    if (at < (this.#triedUntil?.get(rule) ?? 0)) return;
    const match = tryRule(this.#text, rule, at);
    if (match === null) return;
    this.#triedUntil ??= new Map();
    this.#triedUntil.set(rule, match.end);
    if (match.accepted) this.#found.push({ start: match.start, end: match.end, kind: rule.kind });
  }

  #decode(at: number, skip: number): void {
    const blob = blobAround(this.#text, at, skip);
    if (blob === null) return;
    this.#blobUntil = blob.end;
    const inside: Found[] = [];
    const tried = new Trial(blob.decoded, inside);
    plainIndex.scan(blob.decoded, blob.decoded.length, ({ rule }, place) => {
      tried.at(rule, place);
    });
    for (const { start, end, kind } of inside) {
      this.#found.push({ start: blob.start, end: blob.end, kind, hidden: blob.decoded.slice(start, end) });
    }
  }
}

interface Tried {
  readonly start: number;
  readonly end: number;
  readonly accepted: boolean;
}

function tryRule(text: string, rule: Rule, at: number): Tried | null {
  if (rule.startsWord && !beginsWord(text, at)) return null;
  if (isMarker(text, at)) return null;
  for (const back of rule.back) {
    if (back > at) continue;
    rule.pattern.lastIndex = at - back;
    const match = rule.pattern.exec(text);
    if (match === null) continue;
    const [start, end] = match.indices?.groups?.['value'] ?? match.indices?.[0] ?? [at, at];
    return { start, end, accepted: rule.accept(text.slice(start, end), match.groups ?? {}) };
  }
  return null;
}

function isMarker(text: string, at: number): boolean {
  if (text.charCodeAt(at - 1) !== 91 || !text.startsWith(MARKER_BEGIN, at - 1)) return false;
  marker.lastIndex = at - 1;
  return marker.test(text);
}

/** Escapes of JSON and addresses, and what a terminal reads as a colour. */
const escapeBefore = new RegExp(
  String.raw`(?:\\[nrtbf]|%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|(?:\u001b|\\u001b|\\x1b|\\e|\\033)\[[0-9;]{0,16}[mK])$`,
);

/** Whether a token can begin here: behind what is no letter or digit, an escape (`\n`, `%3D`), or a colour. */
function beginsWord(text: string, at: number): boolean {
  if (at === 0 || !isAlphanumeric(text.charCodeAt(at - 1))) return true;
  return escapeBefore.test(text.slice(Math.max(0, at - 24), at));
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
