import { readFile } from 'node:fs/promises';
import { SeshError, UsageError, errnoOf, exitCode, messageOf, type ExitCode } from '../core/errors.ts';
import { parseDuration } from '../core/time.ts';
import type { Invocation } from './command.ts';
import { cellText, csvText, markdownText, rowObjects } from './format.ts';
import type { SqlResult } from './sql-answer.ts';
import type { SqlChild } from './sql-process.ts';
import { recordLines, tableLines, type TableColumn } from './table.ts';
import type { Terminal } from './terminal.ts';
import { viewSettings } from './settings.ts';

const MAX_ROWS = 10_000;
const MAX_CHARACTERS = 64_000_000;
/** What reaches a table cell; --format json gives the whole text. */
const MAX_CELL = 10_000;

type Format = 'table' | 'json' | 'csv' | 'markdown';

/**
 * Prints the rows of one SELECT. `--json` and `--format json`: an array with one object a row, keys named as the columns.
 */
export async function sqlIn(child: SqlChild, invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir } = invocation;
  const format = formatOf(invocation);
  const timeoutS = parseDuration(flags.text('timeout') ?? '30s', '--timeout');
  const rows = flags.count('limit', MAX_ROWS);
  const request = {
    storeDir,
    settings: viewSettings(invocation),
    statement: await statementOf(invocation),
    rows,
    characters: MAX_CHARACTERS,
    memoryBytes: invocation.memoryBytes,
  };
  const result = await child.ask(request, Math.max(timeoutS, 1));
  printRows(result, format, flags.flag('raw'), terminal);
  if (result.cut) {
    terminal.note(`Only the first ${result.rows.length} rows are shown; --limit asks for more.`);
  }
  return exitCode.ok;
}

function formatOf({ flags }: Invocation): Format {
  const given = flags.text('format');
  if (flags.flag('json') && given !== undefined && given !== 'json') {
    throw new UsageError(`Expected --json or --format ${given}, got both.`);
  }
  if (flags.flag('json')) return 'json';
  return given === 'json' || given === 'csv' || given === 'markdown' ? given : 'table';
}

async function statementOf({ flags, argument, io }: Invocation): Promise<string> {
  const file = flags.text('file');
  if (argument !== undefined && file !== undefined) throw new UsageError('Expected a statement or --file, got both.');
  if (argument !== undefined) return argument;
  if (file !== undefined && file !== '-') return readStatement(file);
  if (file === undefined && io.stdinIsTTY) {
    throw new UsageError('Expected a statement, got none.', 'Try: sesh sql "from sessions limit 10"');
  }
  return io.readStdin();
}

async function readStatement(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SeshError(`Cannot read ${file}: ${errnoOf(error) ?? messageOf(error)}.`, { exitCode: exitCode.usage });
  }
}

function printRows(result: SqlResult, format: Format, raw: boolean, terminal: Terminal): void {
  switch (format) {
    case 'json':
      terminal.json(rowObjects(result));
      break;
    case 'csv':
      terminal.print(csvText(result, raw));
      break;
    case 'markdown':
      terminal.print(markdownText(result));
      break;
    case 'table':
      printTable(result, terminal);
  }
}

function printTable({ columns, rows }: SqlResult, terminal: Terminal): void {
  if (columns.join() === PLAN_COLUMNS) {
    for (const [, plan] of rows) terminal.print(cellText(plan));
    return;
  }
  const cells = rows.map((row) => row.map((value) => cellText(value).slice(0, MAX_CELL)));
  const wide = columns.length * (NARROW_COLUMN + 2) > (terminal.width ?? Number.POSITIVE_INFINITY);
  const lines = wide
    ? recordLines(columns, cells, terminal.width)
    : tableLines(tableColumns(columns, rows), cells, terminal.width);
  for (const line of lines) terminal.print(line);
  terminal.note([{ style: 'dim', text: rows.length === 1 ? '1 row' : `${rows.length} rows` }]);
}

/** What `explain` answers with: a drawing, which no table can hold. */
const PLAN_COLUMNS = 'explain_key,explain_value';

/** Below this many characters a column tells nothing: then each row becomes a paragraph. */
const NARROW_COLUMN = 8;

function tableColumns(columns: readonly string[], rows: SqlResult['rows']): readonly TableColumn<readonly string[]>[] {
  return columns.map((title, index) => ({
    title,
    value: (cells) => cells[index] ?? '',
    flexible: true,
    align: rows.every((row) => row[index] === null || typeof row[index] === 'number') ? 'right' : 'left',
  }));
}
