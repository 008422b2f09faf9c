import type { Json } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import type { Micros } from '../core/event.ts';
import type { Window } from '../core/window.ts';
import { together } from '../core/together.ts';
import type { QueryParameter, Views } from '../views/query.ts';
import { rowOf, type Row } from './cells.ts';
import { causeCells, causeColumns } from './judge.ts';
import { draftName } from './draft-name.ts';
import { pseudonyms, type Privacy } from './privacy.ts';
import { quoted, type Quotable } from './quote.ts';

/** One value for each question; most are views of schema `reports`. */
interface Answers<Answer> {
  readonly figures: Answer;
  readonly figures_before: Answer;
  readonly kinds: Answer;
  readonly issues: Answer;
  readonly fixed: Answer;
  readonly rates: Answer;
  readonly hours: Answer;
  readonly days: Answer;
  readonly window_days: Answer;
  readonly fixes: Answer;
  readonly judge: Answer;
  readonly retry_loops: Answer;
  readonly slow_commands: Answer;
  readonly projects: Answer;
  readonly coverage: Answer;
  readonly unknown_record_types: Answer;
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

export interface Questions {
  readonly window: Window;
  readonly before: Window | null;
  /** Where the days of the chart begin, which may be before the window. */
  readonly daysSince: Micros | null;
  readonly privacy: Privacy;
  readonly redactionKey: Uint8Array;
  /** Whether the days of the window itself are asked for. */
  readonly compare: boolean;
  /** Whether the store has verdicts of a judge. */
  readonly judged: boolean;
}

/** Asks the views for a window and the one before it. Every text comes back as a redacted quote. */
export async function askViews(views: Views, questions: Questions): Promise<Answers<readonly Row[]>> {
  const tables = await askAll(views, questions);
  return await readable(withNames(tables, questions), questions);
}

async function askAll(views: Views, questions: Questions): Promise<Answers<Table>> {
  const { window, before, daysSince, privacy, compare, judged } = questions;
  const ask = async (from: string, parameters: readonly QueryParameter[] = []): Promise<Table> => {
    const { columns, rows } = await views.query(`from ${from}`, parameters);
    return { columns: columns.map((column) => column.name), rows };
  };
  // Written out, constants let DuckDB leave out what a window or an anchor does not need.
  const anchor = `'${window.anchor}'`;
  const [since, until, beforeSince] = [window.since, window.until, before?.since ?? null].map(moment);
  const inside = `(${since}, ${until}, ${anchor})`;
  const beside = `(${since}, ${until}, ${beforeSince}, ${anchor}`;
  const [figures, figuresBefore] = await together([
    ask(`reports.figures${inside}`),
    before === null ? noRows : ask(`reports.figures(${moment(before.since)}, ${moment(before.until)}, ${anchor})`),
  ]);
  const calls = [figures, figuresBefore].map((table) => callsOf(table));
  // All at once: the engine is asked two at a time, those first that take longest.
  const [rates, kinds, issues, hours, days, judge, ...others] = await together([
    ask(`reports.friction_rates${beside})`),
    ask(`reports.friction_kinds${beside}, '${privacy}', $1::bigint, $2::bigint)`, calls),
    ask(`reports.issue_kinds${beside}, '${privacy}')`),
    ask(`reports.friction_hours${beside})`),
    ask(`reports.friction_days(${moment(daysSince)}, ${until})`),
    judged ? ask(`reports.judged_sessions${inside}`) : noRows,
    ask(`reports.top_projects${inside}`),
    ask(`reports.fixed_kinds('${privacy}')`),
    compare ? ask(`reports.friction_days(${since}, ${until})`) : noRows,
    ask('reports.fix_verdicts'),
    ask(`reports.longest_loops${inside}`),
    ask(`reports.slow_commands${inside}`),
    ask('reports.coverage'),
    ask('reports.unknown_types'),
  ]);
  const [projects, fixed, windowDays, fixes, loops, slow, coverage, unknownTypes] = others;
  return {
    figures,
    figures_before: figuresBefore,
    kinds,
    issues,
    fixed,
    rates,
    hours,
    days,
    window_days: windowDays,
    fixes,
    judge: judged ? withCauses(judge) : noRows,
    retry_loops: loops,
    slow_commands: slow,
    projects,
    coverage,
    unknown_record_types: unknownTypes,
  };
}

/** A time as SQL that is a constant. */
function moment(micros: Micros | null): string {
  return micros === null ? 'null::timestamptz' : `make_timestamptz(${String(micros)}::bigint)`;
}

const noRows: Table = { columns: [], rows: [] };

/** Adds what is told from the answers of a judge, and leaves the answers themselves out. */
function withCauses({ columns, rows }: Table): Table {
  const at = columns.indexOf('requirements');
  const without = <Cell>(cells: readonly Cell[]): readonly Cell[] => cells.filter((_cell, index) => index !== at);
  return {
    columns: [...without(columns), ...causeColumns],
    rows: rows.map((cells) => [...without(cells), ...causeCells(rowOf(columns, cells))]),
  };
}

function callsOf({ columns, rows: [row] }: Table): number | null {
  return row === undefined ? null : rowOf(columns, row).amountOrNull('tool_calls');
}

/** Adds what must be made from the texts themselves, before they are redacted: names of drafts, pseudonyms. */
function withNames(tables: Answers<Table>, { privacy, redactionKey }: Questions): Answers<Table> {
  const named = (table: Table): Table => ({
    columns: [...table.columns, 'draft'],
    rows: table.rows.map((cells) => {
      const row = rowOf(table.columns, cells);
      return [...cells, draftName(row.text('category'), row.text('signature'), redactionKey)];
    }),
  });
  return {
    ...tables,
    kinds: named(tables.kinds),
    issues: named(tables.issues),
    fixed: named(tables.fixed),
    rates: privacy === 'full' ? tables.rates : withPseudonyms(tables.rates, redactionKey),
  };
}

function withPseudonyms({ columns, rows }: Table, redactionKey: Uint8Array): Table {
  const value = columns.indexOf('value');
  const isPerson = (cells: readonly Json[]): boolean => {
    const row = rowOf(columns, cells);
    return row.text('dimension') === 'person' && row.text('value') !== '';
  };
  const names = rows.filter(isPerson).map((cells) => rowOf(columns, cells).text('value'));
  const pseudonym = pseudonyms(names, redactionKey);
  return {
    columns,
    rows: rows.map((cells) =>
      isPerson(cells) ? cells.with(value, pseudonym(rowOf(columns, cells).text('value'))) : cells,
    ),
  };
}

/** All texts go through redaction together, so that a secret found in one row is hidden in all. */
async function readable(
  tables: Answers<Table>,
  { privacy, redactionKey }: Questions,
): Promise<Answers<readonly Row[]>> {
  const kindOf = (column: string | undefined): Quotable['kind'] => {
    // Remedies are our own sentences.
    if (column === 'remedy') return 'sentence';
    return privacy === 'full' && (column === 'evidence' || column === 'prompt_before') ? 'long' : 'quote';
  };
  const shown = await quoted(
    Object.values(tables).flatMap(({ columns, rows }: Table) =>
      rows.flatMap((row) =>
        row.flatMap((cell, index) => textsOf(cell).map((text) => ({ text, kind: kindOf(columns[index]) }))),
      ),
    ),
    redactionKey,
  );
  return mapAnswers(tables, ({ columns, rows }) =>
    rows.map((row) =>
      rowOf(
        columns,
        row.map((cell, index) => mapTexts(cell, (text) => shown({ text, kind: kindOf(columns[index]) }))),
      ),
    ),
  );
}

function textsOf(cell: Json): readonly string[] {
  if (typeof cell === 'string') return [cell];
  if (Array.isArray(cell)) return cell.flatMap(textsOf);
  return isObject(cell) ? Object.values(cell).flatMap((part) => (part === undefined ? [] : textsOf(part))) : [];
}

function mapTexts(cell: Json, change: (text: string) => string): Json {
  if (typeof cell === 'string') return change(cell);
  if (Array.isArray(cell)) return cell.map((part) => mapTexts(part, change));
  if (!isObject(cell)) return cell;
  return Object.fromEntries(
    Object.entries(cell).map(([name, part]) => [name, part === undefined ? part : mapTexts(part, change)]),
  );
}

function mapAnswers<From, To>(answers: Answers<From>, change: (answer: From) => To): Answers<To> {
  return {
    figures: change(answers.figures),
    figures_before: change(answers.figures_before),
    kinds: change(answers.kinds),
    issues: change(answers.issues),
    fixed: change(answers.fixed),
    rates: change(answers.rates),
    hours: change(answers.hours),
    days: change(answers.days),
    window_days: change(answers.window_days),
    fixes: change(answers.fixes),
    judge: change(answers.judge),
    retry_loops: change(answers.retry_loops),
    slow_commands: change(answers.slow_commands),
    projects: change(answers.projects),
    coverage: change(answers.coverage),
    unknown_record_types: change(answers.unknown_record_types),
  };
}

export type ReportRows = Answers<readonly Row[]>;
