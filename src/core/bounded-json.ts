import type { Json, JsonObject } from './json.ts';
import { boundText } from './text.ts';

const MAX_STRING = { head: 150, tail: 80 };
const MAX_ITEMS = 40;
const MAX_DEPTH = 6;

/** JSON text of a value whose long strings, long lists and deep levels are cut with a mark: still valid JSON. */
export function boundedJson(value: JsonObject): string {
  return JSON.stringify(bounded(value, 0));
}

function bounded(value: Json | undefined, depth: number): Json {
  if (typeof value === 'string') return boundText(value, MAX_STRING);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth === MAX_DEPTH) return '[... deeper levels left out ...]';
  if (isList(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => bounded(item, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `[... ${value.length - MAX_ITEMS} more ...]`] : items;
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, MAX_ITEMS)
    .map(([key, item]) => [boundText(key, MAX_STRING), bounded(item, depth + 1)] as const);
  if (entries.length > MAX_ITEMS) kept.push(['...', `[... ${entries.length - MAX_ITEMS} more ...]`]);
  return Object.fromEntries(kept);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
