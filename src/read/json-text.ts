import type { Json } from '../core/json.ts';
import { hasDuplicateKeys, withIntegersAsText } from './json-rare.ts';
import { MAX_DEPTH } from './scan.ts';

export interface ParsedText {
  readonly value: Json;
  /** Deeper than any native JSON code survives: the value must not be handed on. */
  readonly tooDeep: boolean;
  /** An object names a key twice; as everywhere in JavaScript the last one counts. */
  readonly duplicateKeys: boolean;
}

/** JSON with whole numbers beyond 2^53 as text; null when it is none. */
export function parseJson(text: string): ParsedText | null {
  const value = parsed(text);
  if (value === undefined) return null;
  const shape = shapeOf(value);
  if (shape.tooDeep) return { value, tooDeep: true, duplicateKeys: false };
  const exact = shape.hugeIntegers ? parsed(withIntegersAsText(text)) : value;
  // As many keys in the value as `":` in its text: none is there twice. Else a string may begin with a colon, or a blank precede one.
  const duplicateKeys = keyMarksIn(text) !== shape.keys && hasDuplicateKeys(text);
  return { value: exact ?? value, tooDeep: false, duplicateKeys };
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Quotes that end before a colon; those that are escaped inside a string are none. */
function keyMarksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) {
    if (text.charCodeAt(at - 1) !== BACKSLASH || !isEscaped(text, at)) count += 1;
  }
  return count;
}

const BACKSLASH = 92;

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1;
  while (text.charCodeAt(at) === BACKSLASH) at -= 1;
  return (quote - 1 - at) % 2 === 1;
}

interface Shape {
  keys: number;
  tooDeep: boolean;
  hugeIntegers: boolean;
}

function shapeOf(value: Json): Readonly<Shape> {
  const shape: Shape = { keys: 0, tooDeep: false, hugeIntegers: false };
  look(value, 1, shape);
  return shape;
}

/** Recursive but never deeper than the deepest record that is taken. */
function look(value: Json, depth: number, shape: Shape): void {
  if (typeof value === 'number') {
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) shape.hugeIntegers = true;
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) {
    shape.tooDeep = true;
    return;
  }
  if (isList(value)) {
    for (const item of value) look(item, depth + 1, shape);
    return;
  }
  for (const key in value) {
    shape.keys += 1;
    const item = value[key];
    if (item !== undefined) look(item, depth + 1, shape);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
