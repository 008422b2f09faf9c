import type { Json, JsonObject } from './json.ts';
import { boundText, wellFormed, type TextBound } from './text.ts';

const MAX_STRING: TextBound = { head: 150, tail: 80 };
const MAX_ITEMS = 40;
const MAX_DEPTH = 6;

/** JSON text of a value whose long strings, long lists and deep levels are cut with a mark: still valid JSON. */
export function boundedJson(value: JsonObject): string {
  return JSON.stringify(bounded(value, 0));
}

function bounded(value: Json | undefined, depth: number): Json {
  if (typeof value === 'string') return boundedString(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth === MAX_DEPTH) return '[... deeper levels left out ...]';
  if (isList(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => bounded(item, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `[... ${value.length - MAX_ITEMS} more ...]`] : items;
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, MAX_ITEMS)
    .map(([key, item]) => [boundedString(key), bounded(item, depth + 1)] as const);
  if (entries.length > MAX_ITEMS) kept.push(['...', `[... ${entries.length - MAX_ITEMS} more ...]`]);
  return Object.fromEntries(kept);
}

/** A lone surrogate would be written as an escape that looks harmless and ends every query that reads the JSON. */
function boundedString(text: string): string {
  return wellFormed(boundText(text, MAX_STRING)).text;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
