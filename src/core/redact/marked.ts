import type { Found } from './find.ts';
import { secretKinds, type SecretKind } from './kinds.ts';
import { fingerprint, markPattern } from './mark.ts';
import { isToken } from './values.ts';
import { isShared } from './values-index.ts';

const marks = new RegExp(markPattern, 'g');
const word = /[A-Za-z0-9_\-.+/~]{12,256}/g;
const kinds: ReadonlyMap<string, SecretKind> = new Map(secretKinds.map((kind) => [kind, kind]));

/** Digits of the marks that stand in the texts, each with its kind: secrets that were found before, of which nothing else is known. */
export function markedIn(texts: readonly string[]): ReadonlyMap<string, SecretKind> {
  const found = new Map<string, SecretKind>();
  for (const [mark] of texts.flatMap((text) => [...text.matchAll(marks)])) {
    const [, name = '', digits = ''] = mark.slice(1, -1).split(':');
    found.set(digits, kinds.get(name) ?? 'other');
  }
  return found;
}

/** Words that are one of the marked secrets: another file of the session may hold in the clear what only this one gave away. */
export function findMarked(text: string, marked: ReadonlyMap<string, SecretKind>, key: Uint8Array): readonly Found[] {
  if (marked.size === 0) return [];
  const found: Found[] = [];
  for (const { 0: value, index: start } of text.matchAll(word)) {
    if (!isShared(value) || !isToken(value)) continue;
    const kind = marked.get(fingerprint(value, key));
    if (kind !== undefined) found.push({ start, end: start + value.length, kind });
  }
  return found;
}
