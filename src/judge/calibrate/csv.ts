import { UsageError } from '../../core/errors.ts';

/** One record of a CSV file and the line on which it begins, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file whose first record names the columns. */
export interface CsvTable {
  /** As the person named it, for messages. */
  readonly file: string;
  readonly header: readonly string[];
  readonly records: readonly CsvRecord[];
}

/** Reads RFC 4180: quoted cells may hold commas, doubled quotes and line ends. Empty lines are passed over. */
export function readCsv(text: string, file: string): CsvTable {
  const [header, ...records] = recordsOf(text.replace(/^\uFEFF/, ''), file);
  if (header === undefined)
    throw problemAt(file, 1, 'Expected a line with the names of the columns, got an empty file');
  const twice = header.cells.find((name, index) => header.cells.indexOf(name) !== index);
  if (twice !== undefined) throw problemAt(file, header.line, `The column "${twice}" is named twice`);
  const uneven = records.find(({ cells }) => cells.length !== header.cells.length);
  if (uneven !== undefined) {
    const expected = `Expected ${header.cells.length} cells as in the header`;
    throw problemAt(file, uneven.line, `${expected}, got ${uneven.cells.length}`);
  }
  return { file, header: header.cells, records };
}

/** One line of a file, without its end; quotes only where they are needed. */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}

/** A problem with what stands in a file, named so that an editor can jump to it. */
export function problemAt(file: string, line: number, problem: string): UsageError {
  return new UsageError(`${file}:${line}: ${problem}.`);
}

// A cell, quoted or bare, and what ends it. A quote inside a bare cell matches neither.
const cellPattern = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;

function recordsOf(text: string, file: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let begins = 1;
  cellPattern.lastIndex = 0;
  while (cellPattern.lastIndex < text.length || cells.length > 0) {
    const found = cellPattern.exec(text);
    if (found === null)
      throw problemAt(file, line, 'A quoted cell is not closed, or a quote stands inside a bare cell');
    const [whole, quoted, bare = '', end] = found;
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') records.push({ line: begins, cells });
    cells = [];
    begins = line;
  }
  return records;
}
