import type { Json, JsonObject } from './json.ts';
import { boundText, wellFormed, type TextBound } from './text.ts';

const MAX_STRING: TextBound = { head: 150, tail: 80 };
const MAX_ITEMS = 40;
const MAX_DEPTH = 6;

/** What is kept of a text in the JSON; `name` is that of the nearest field around it. */
type Keep = (text: string, bound: TextBound, name: string) => string;

/**
 * JSON text of a value whose long strings, long lists and deep levels are cut with a mark: still valid JSON. A lone surrogate would be
 * written as an escape that looks harmless and ends every query that reads the JSON.
 */
export function boundedJson(value: JsonObject, keep: Keep = boundText): string {
  return JSON.stringify(bounded(value, 0, '', keep));
}

function bounded(value: Json | undefined, depth: number, name: string, keep: Keep): Json {
  if (typeof value === 'string') return wellFormed(keep(value, MAX_STRING, name)).text;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth === MAX_DEPTH) return '[... deeper levels left out ...]';
  if (isList(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => bounded(item, depth + 1, name, keep));
    return value.length > MAX_ITEMS ? [...items, `[... ${value.length - MAX_ITEMS} more ...]`] : items;
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, MAX_ITEMS)
    .map(([key, item]) => [wellFormed(keep(key, MAX_STRING, '')).text, bounded(item, depth + 1, key, keep)] as const);
  if (entries.length > MAX_ITEMS) kept.push(['...', `[... ${entries.length - MAX_ITEMS} more ...]`]);
  return Object.fromEntries(kept);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
