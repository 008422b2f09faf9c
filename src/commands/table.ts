import Table from 'cli-table3';
import stringWidth from 'string-width';
import { safeLine, type Line } from './terminal.ts';

export interface TableColumn<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** May lose characters when the terminal is narrow; the others never do. */
  readonly flexible?: boolean;
  /** Left out when the terminal is narrow even so: the highest number first. */
  readonly spare?: number;
}

const ELLIPSIS = '\u2026';
const SEPARATOR = '  ';
const NARROWEST_CELL = 8;

/** Lines of a table with a header; `width` null: as wide as it needs to be. */
export function tableLines<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number | null,
): readonly Line[] {
  const { columns: fitting, widths } = fit(
    columns.map((column) => measured(column, rows)),
    width,
  );
  const table = new Table({
    chars: borderless,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: fitting.map(({ column }) => column.align ?? 'left'),
  });
  for (const index of [-1, ...rows.keys()]) {
    table.push(fitting.map(({ cells }, place) => truncate(cells[index + 1] ?? '', widths[place] ?? 0)));
  }
  const [head = '', ...body] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [[{ style: 'bold', text: head }], ...body];
}

/** Cuts a text to a number of terminal columns, the last one an ellipsis; wide characters count as two. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const wide = stringWidth(segment);
    if (used + wide > width - 1) break;
    kept += segment;
    used += wide;
  }
  return `${kept}${ELLIPSIS}`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: SEPARATOR,
};

interface Measured<Row> {
  readonly column: TableColumn<Row>;
  /** Title first, then one a row. */
  readonly cells: readonly string[];
  readonly width: number;
}

function measured<Row>(column: TableColumn<Row>, rows: readonly Row[]): Measured<Row> {
  const cells = [column.title, ...rows.map((row) => safeLine(column.value(row)))];
  return { column, cells, width: cells.reduce((widest, cell) => Math.max(widest, stringWidth(cell)), 0) };
}

function fit<Row>(
  columns: readonly Measured<Row>[],
  width: number | null,
): { readonly columns: readonly Measured<Row>[]; readonly widths: readonly number[] } {
  if (width === null) return { columns, widths: columns.map((column) => column.width) };
  let kept = columns;
  while (leastWidth(kept) > width) {
    const last = leastNeeded(kept);
    if (last === undefined) break;
    kept = kept.filter((column) => column !== last);
  }
  return { columns: kept, widths: shrunk(kept, width) };
}

function leastNeeded<Row>(columns: readonly Measured<Row>[]): Measured<Row> | undefined {
  return columns
    .filter(({ column }) => column.spare !== undefined)
    .toSorted((a, b) => (b.column.spare ?? 0) - (a.column.spare ?? 0))[0];
}

function leastWidth<Row>(columns: readonly Measured<Row>[]): number {
  const cells = columns.map(({ column, width }) =>
    column.flexible === true ? Math.min(width, NARROWEST_CELL) : width,
  );
  return total(cells) + separators(columns.length);
}

/** Takes a column from the widest flexible cell until the line fits. */
function shrunk<Row>(columns: readonly Measured<Row>[], width: number): readonly number[] {
  const widths = columns.map((column) => column.width);
  let excess = total(widths) + separators(columns.length) - width;
  while (excess > 0) {
    const flexible = [...widths.keys()].filter(
      (index) => columns[index]?.column.flexible === true && (widths[index] ?? 0) > NARROWEST_CELL,
    );
    const widest = flexible.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}

function separators(columns: number): number {
  return Math.max(columns - 1, 0) * SEPARATOR.length;
}

/** Each row as a paragraph of `column  value` lines, for more columns than fit beside each other. */
export function recordLines(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | null,
): readonly Line[] {
  const titles = columns.map(safeLine);
  const titleWidth = Math.max(...titles.map((title) => stringWidth(title)), 0);
  const room =
    width === null ? Number.POSITIVE_INFINITY : Math.max(width - titleWidth - SEPARATOR.length, NARROWEST_CELL);
  return rows.flatMap((row, number) => [
    ...(number === 0 ? [] : ['']),
    ...titles.map((title, index) => [
      { style: 'bold' as const, text: title.padEnd(titleWidth) },
      `${SEPARATOR}${truncate(safeLine(row[index] ?? ''), room)}`,
    ]),
  ]);
}
