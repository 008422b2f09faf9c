import type { Score } from '../contract.ts';
import { csvLine, problemAt, readCsv, type CsvRecord, type CsvTable } from './csv.ts';

/** What one person says about one session; the file holds one line for each. */
export interface Label {
  readonly sessionId: string;
  readonly agent: string;
  /** Null: a person cannot tell either. */
  readonly score: Score | null;
  readonly labeller: string;
  readonly guidelineVersion: string;
  readonly note: string;
  /** `dev` for work on the prompt, `test` for the figure that counts, or nothing. */
  readonly split: string;
}

/** The labeller whose lines are what people agreed on after they talked about it. */
export const CONSENSUS = 'consensus';

const columns = ['session_id', 'agent', 'score', 'labeller', 'guideline_version', 'note', 'split'] as const;
type Column = (typeof columns)[number];

export interface LabelsFile {
  /** The columns as the file has them; a new line must follow it. */
  readonly header: readonly string[];
  readonly labels: readonly Label[];
}

/** A file that does not exist yet. */
export const noLabels: LabelsFile = { header: columns, labels: [] };

/** Reads a file of labels. Columns may stand in any order, others are passed over; `file` is named in messages. */
export function readLabels(text: string, file: string): LabelsFile {
  const table = readCsv(text, file);
  const missing = columns.filter((name) => !table.header.includes(name));
  if (missing.length > 0) throw problemAt(file, 1, `The header lacks ${missing.join(', ')}`);
  refuseRepeated(table);
  return { header: table.header, labels: table.records.map((record) => labelOf(record, table)) };
}

/** The line that adds a label to a file with this header. */
export function labelLine(label: Label, header: readonly string[]): string {
  const cells: Readonly<Record<Column, string>> = {
    session_id: label.sessionId,
    agent: label.agent,
    score: label.score === null ? '' : String(label.score),
    labeller: label.labeller,
    guideline_version: label.guidelineVersion,
    note: label.note,
    split: label.split,
  };
  const known = (name: string): name is Column => Object.hasOwn(cells, name);
  return csvLine(header.map((name) => (known(name) ? guarded(cells[name]) : '')));
}

function labelOf(record: CsvRecord, table: CsvTable): Label {
  const cell = cellsOf(record, table);
  const needed = (name: Column): string => {
    if (cell(name) === '') throw problemAt(table.file, record.line, `Expected a ${name}, got an empty cell`);
    return cell(name);
  };
  return {
    sessionId: needed('session_id'),
    agent: needed('agent'),
    score: scoreOf(cell('score').trim(), table.file, record.line),
    labeller: needed('labeller'),
    guidelineVersion: cell('guideline_version'),
    note: cell('note'),
    split: cell('split'),
  };
}

function cellsOf({ cells }: CsvRecord, { header }: CsvTable): (name: Column) => string {
  return (name) => unguarded(cells[header.indexOf(name)] ?? '');
}

function scoreOf(text: string, file: string, line: number): Score | null {
  switch (text) {
    case '':
      return null;
    case '1':
      return 1;
    case '2':
      return 2;
    case '3':
      return 3;
    case '4':
      return 4;
    case '5':
      return 5;
    default:
      throw problemAt(file, line, `Expected a score from 1 to 5, or nothing for "cannot tell", got "${text}"`);
  }
}

function refuseRepeated(table: CsvTable): void {
  const lines = new Map<string, number>();
  for (const record of table.records) {
    const cell = cellsOf(record, table);
    const key = JSON.stringify([cell('agent'), cell('session_id'), cell('labeller')]);
    const first = lines.get(key);
    if (first !== undefined) {
      const what = `${cell('labeller')} labelled session ${cell('session_id')} before, in line ${first}`;
      throw problemAt(table.file, record.line, what);
    }
    lines.set(key, record.line);
  }
}

// People open the file in a spreadsheet, and ids come from transcripts: a text that would run as a formula gets an apostrophe
// before it, which is taken away again when the file is read.
function guarded(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function unguarded(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
