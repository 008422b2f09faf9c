import type { Json, JsonObject } from '../core/json.ts';

/** A result as columns and rows, ready for JSON. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** Rows as objects; of columns with the same name, later ones get a number (`count`, `count_2`). */
export function rowObjects({ columns, rows }: Rows): readonly JsonObject[] {
  const names = uniqueNames(columns);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
}

/**
 * CSV with every text quoted. A text that a spreadsheet would run as a formula gets an apostrophe before it,
 * unless `asWritten`.
 */
export function csvText({ columns, rows }: Rows, asWritten: boolean): string {
  const lines = [columns, ...rows].map((row) => row.map((value) => csvCell(value, asWritten)).join(','));
  return lines.join('\n');
}

/** A GitHub table; nothing in a cell can end the cell, make a link, an image, a heading or HTML. */
export function markdownText({ columns, rows }: Rows): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(markdownCell)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(row.map(markdownCell))),
  ].join('\n');
}

/** A value as a table shows it: nothing for null, text as it is, lists and structures as JSON. */
export function cellText(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

function uniqueNames(columns: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let count = 2; taken.has(name); count += 1) name = `${column}_${count}`;
    taken.add(name);
    return name;
  });
}

function csvCell(value: Json, asWritten: boolean): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = cellText(value);
  const harmless = !asWritten && FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

// The wide forms begin a formula, too, where such are written.
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function markdownCell(value: Json): string {
  return cellText(value)
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(/[\\`*_{}[\]()<>#|~$&@]|:(?=\/\/)/g, (found) => `\\${found}`)
    .replaceAll(/www\./gi, (found) => `${found.slice(0, 3)}\\.`);
}
