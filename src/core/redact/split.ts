import { findSecrets } from './find.ts';
import type { SecretKind } from './kinds.ts';

/** The end of the last text of a stream of texts. */
export interface Lane {
  readonly event: number;
  readonly length: number;
  readonly end: string;
}

export function laneOf(event: number, text: string): Lane {
  return { event, length: text.length, end: text.slice(-BEFORE) };
}

export interface SplitSecret {
  readonly value: string;
  readonly kind: SecretKind;
  /** Characters of it at the end of the first text and at the beginning of the second. */
  readonly left: number;
  readonly right: number;
}

const BEFORE = 160;
const AFTER = 320;
/** What stands on both sides of the border must be a word of this length together. */
const LEAST = 16;
const character = /[A-Za-z0-9_\-./+=~%]/;

/** Secrets that neither text shows alone, because the border between two texts of a stream goes through them. */
export function splitSecret({ end: left }: Lane, after: string): readonly SplitSecret[] {
  if (!isSuspicious(left, after)) return [];
  const joined = left + after.slice(0, AFTER);
  return findSecrets(joined).flatMap(({ start, end, kind, hidden }) => {
    if (start >= left.length || end <= left.length) return [];
    return [{ value: hidden ?? joined.slice(start, end), kind, left: left.length - start, right: end - left.length }];
  });
}

function isSuspicious(before: string, after: string): boolean {
  let length = 0;
  for (let index = before.length - 1; index >= 0 && length < LEAST && isCharacter(before, index); index -= 1)
    length += 1;
  if (length === 0) return false;
  const right = length;
  for (let index = 0; length < LEAST && isCharacter(after, index); index += 1) length += 1;
  return length >= LEAST && isCharacter(after, 0) && right > 0;
}

function isCharacter(text: string, index: number): boolean {
  return index < text.length && character.test(text.charAt(index));
}
