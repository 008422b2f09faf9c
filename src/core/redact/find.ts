import { blobAround, encodedWords } from './base64.ts';
import { KeywordIndex } from './keywords.ts';
import type { Finding } from './kinds.ts';
import { markPattern } from './mark.ts';
import { rules, type Rule } from './rules.ts';
import { withoutEscapes, withoutWraps, type View } from './views.ts';

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
  search(text, until, fullIndex, found);
  const bare = withoutEscapes(text);
  if (bare !== null) searchView(bare, found);
  const joined = withoutWraps(bare?.text ?? text);
  if (joined !== null) searchView(bare === null ? joined : through(bare, joined), found);
  return found;
}

function through(outer: View, inner: View): View {
  return { text: inner.text, placeOf: (index) => outer.placeOf(inner.placeOf(index)) };
}

/** The last character's place and one more: what was cut out behind a secret is not a part of it. */
function searchView(view: View, found: Found[]): void {
  const inView: Found[] = [];
  search(view.text, view.text.length, fullIndex, inView);
  for (const { start, end, kind, hidden } of inView) {
    const value = hidden ?? view.text.slice(start, end);
    found.push({ start: view.placeOf(start), end: view.placeOf(end - 1) + 1, kind, hidden: value });
  }
}

function search(text: string, until: number, index: KeywordIndex<Entry>, found: Found[]): void {
  /** Where the last match of a rule ended: nothing inside it is tried again, so that repeated words cost nothing more. */
  let triedUntil: Map<Rule, number> | undefined;
  let blobUntil = 0;
  index.scan(text, until, (entry, at) => {
    if (entry.rule === undefined) {
      if (at < blobUntil) return;
      const blob = blobAround(text, at, entry.skip);
      if (blob === null) return;
      blobUntil = blob.end;
      const inside: Found[] = [];
      search(blob.decoded, blob.decoded.length, plainIndex, inside);
      for (const { start, end, kind } of inside) {
        found.push({ start: blob.start, end: blob.end, kind, hidden: blob.decoded.slice(start, end) });
      }
      return;
    }
    const { rule } = entry;
    if (at < (triedUntil?.get(rule) ?? 0)) return;
    const match = tryRule(text, rule, at);
    if (match === null) return;
    triedUntil ??= new Map();
    triedUntil.set(rule, match.end);
    if (match.accepted) found.push({ start: match.start, end: match.end, kind: rule.kind });
  });
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
