import stringWidth from 'string-width';
import { visibleLine } from '../core/visible.ts';
import type { Line } from './terminal.ts';

export interface TableColumn<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** May lose characters when the terminal is narrow; the others never do. */
  readonly flexible?: boolean;
  /** Free text: cut at 160 characters even where there is room for more, and where nothing else is cut. */
  readonly prose?: boolean;
  /** Left out when the terminal is narrow even so: the highest number first. */
  readonly spare?: number;
}

const ELLIPSIS = '\u2026';
const SEPARATOR = '  ';
const NARROWEST_CELL = 8;
/** Below this many characters free text tells nothing, and other columns go first. */
const NARROWEST_PROSE = 20;
const LONGEST_PROSE = 160;

/** Lines of a table with a header; `width` null: as wide as it needs to be, and only free text is cut. */
export function tableLines<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number | null,
): readonly Line[] {
  const { columns: fitting, widths } = fit(
    columns.map((column) => measured(column, rows)),
    width,
  );
  const line = (index: number): string =>
    fitting
      .map(({ column, cells }, place) => padded(cells[index] ?? '', widths[place] ?? 0, column.align ?? 'left'))
      .join(SEPARATOR)
      .trimEnd();
  return [[{ style: 'bold', text: line(0) }], ...rows.map((_, index) => line(index + 1))];
}

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const cell = truncate(text, width);
  const space = ' '.repeat(Math.max(width - widthOf(cell), 0));
  return align === 'right' ? `${space}${cell}` : `${cell}${space}`;
}

/** Cuts a text to a number of terminal columns, the last one an ellipsis; wide characters count as two. */
export function truncate(text: string, width: number): string {
  const beginning = text.slice(0, width + 1);
  if (NARROW.test(beginning))
    return text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}${ELLIPSIS}`;
  let kept = 0;
  let used = 0;
  let shorter = 0;
  // Only as much of a long text is looked at as there is room for.
  for (const { length, width: columns, narrow } of runs(text)) {
    // Between any two narrow characters there is a place to cut.
    if (narrow && used < width) shorter = kept + Math.min(length, width - 1 - used);
    used += columns;
    if (used > width) return `${text.slice(0, shorter)}${ELLIPSIS}`;
    kept += length;
    if (used < width) shorter = kept;
  }
  return text;
}

interface Run {
  readonly length: number;
  /** Columns. */
  readonly width: number;
  /** One column a character; else it is one grapheme. */
  readonly narrow: boolean;
}

/** Narrow characters together, every other grapheme apart. Between two narrow ones a grapheme ends, which spares the search for it. */
function* runs(text: string): Generator<Run> {
  for (const [part] of text.matchAll(NARROW_OR_NOT)) {
    if (NARROW.test(part)) yield { length: part.length, width: part.length, narrow: true };
    else
      for (const { segment } of graphemes.segment(part))
        yield { length: segment.length, width: graphemeWidth(segment), narrow: false };
  }
}

/** Columns that a text takes on a terminal. In nearly all text counting is all there is to it. */
function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  const known = wide.get(text);
  if (known !== undefined) return known;
  let width = 0;
  for (const run of runs(text)) width += run.width;
  if (wide.size < 10_000) wide.set(text, width);
  return width;
}

function graphemeWidth(grapheme: string): number {
  const known = wide.get(grapheme);
  if (known !== undefined) return known;
  const width = stringWidth(grapheme);
  if (wide.size < 10_000) wide.set(grapheme, width);
  return width;
}

/** Texts and graphemes are measured several times, and others than narrow ones take long. */
const wide = new Map<string, number>();

// ASCII, Latin letters, dashes and quotes, the sign for a line feed, lines: each one column, none joins another.
const narrow = String.raw` -~\u00a1-\u00ac\u00ae-\u02af\u2010-\u2027\u23ce\u2500-\u257f`;
const NARROW = new RegExp(`^[${narrow}]*$`);
// Narrow characters but the last one before others; or others, with the narrow ones beside and between them.
const NARROW_OR_NOT = new RegExp(
  `[${narrow}]+(?=[${narrow}]|$)|[${narrow}]?[^${narrow}]+(?:[${narrow}][^${narrow}]+)*[${narrow}]?`,
  'g',
);

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

interface Measured<Row> {
  readonly column: TableColumn<Row>;
  /** Title first, then one a row. */
  readonly cells: readonly string[];
  readonly width: number;
}

function measured<Row>(column: TableColumn<Row>, rows: readonly Row[]): Measured<Row> {
  const limit = column.prose === true ? LONGEST_PROSE : Number.POSITIVE_INFINITY;
  const cell = (row: Row): string => {
    const text = visibleLine(column.value(row));
    return text.length > limit ? truncate(text, limit) : text;
  };
  const cells = [column.title, ...rows.map(cell)];
  return { column, cells, width: cells.reduce((widest, cell) => Math.max(widest, widthOf(cell)), 0) };
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
    column.flexible === true ? Math.min(width, narrowest(column)) : width,
  );
  return total(cells) + separators(columns.length);
}

/** Takes a column from the widest flexible cell until the line fits. */
function shrunk<Row>(columns: readonly Measured<Row>[], width: number): readonly number[] {
  const widths = columns.map((column) => column.width);
  let excess = total(widths) + separators(columns.length) - width;
  while (excess > 0) {
    const flexible = [...widths.keys()].filter((index) =>
      isWiderThanNeeded(columns[index]?.column, widths[index] ?? 0),
    );
    const widest = flexible.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function isWiderThanNeeded<Row>(column: TableColumn<Row> | undefined, width: number): boolean {
  return column?.flexible === true && width > narrowest(column);
}

function narrowest<Row>({ prose }: TableColumn<Row>): number {
  return prose === true ? NARROWEST_PROSE : NARROWEST_CELL;
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
  const titles = columns.map(visibleLine);
  const titleWidth = Math.max(...titles.map((title) => widthOf(title)), 0);
  const room =
    width === null ? Number.POSITIVE_INFINITY : Math.max(width - titleWidth - SEPARATOR.length, NARROWEST_CELL);
  return rows.flatMap((row, number) => [
    ...(number === 0 ? [] : ['']),
    ...titles.map((title, index) => [
      { style: 'bold' as const, text: title.padEnd(titleWidth) },
      `${SEPARATOR}${truncate(visibleLine(row[index] ?? ''), room)}`,
    ]),
  ]);
}
