import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatCount } from '../core/figures.ts';
import { asNumber, type JsonObject } from '../core/json.ts';
import { formatDuration } from '../core/time.ts';
import type { Views } from '../views/query.ts';
import { cellsOf, type Cells } from './cells.ts';
import type { Invocation } from './command.ts';
import { readFilters, type Filters } from './filters.ts';
import { tableLines, type TableColumn } from './table.ts';
import type { Terminal } from './terminal.ts';
import { records, viewSettings, withViews } from './views.ts';
import { windowJson, windowText } from './window-note.ts';

const DEFAULT_LIMIT = 10;

interface Runs {
  readonly active_time: JsonObject;
  readonly buckets: readonly Bucket[];
  readonly longest_commands: readonly JsonObject[];
  readonly without_effect: readonly JsonObject[];
  readonly without_effect_total: number;
}

interface Bucket {
  /** Seconds of active time from which, and to which (null: no end), itself left out. */
  readonly from_s: number;
  readonly to_s: number | null;
  readonly sessions: number;
}

/**
 * How sessions ran. JSON: `window`, `active_time` (sessions, median_s, p90_s, longest_s), `buckets` (from_s, to_s,
 * sessions), `longest_commands`, `without_effect` and `without_effect_total`.
 */
export async function runs(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, zone } = invocation;
  const limit = flags.count('limit', DEFAULT_LIMIT);
  const filters = readFilters(flags);
  const settings = viewSettings(invocation);
  const found = await withViews({ storeDir, settings }, (views) => runsOf(views, filters, limit));
  if (flags.flag('json')) terminal.json({ window: windowJson(settings), ...found });
  else printRuns(found, terminal, zone, windowText(settings));
  return exitCode.ok;
}

async function runsOf({ query }: Views, { where, parameters }: Filters, limit: number): Promise<Runs> {
  const chosen = `chosen as (select * from window_sessions where ${where})`;
  const ask = async (sql: string): Promise<readonly JsonObject[]> =>
    records(await query(`with ${chosen} ${sql}`, parameters));
  const [time = {}] = await ask(
    `select count(active_s) as sessions, cast(median(active_s) as double) as median_s,
     cast(quantile_cont(active_s, 0.9) as double) as p90_s, max(active_s) as longest_s from chosen`,
  );
  const bounds = [...BUCKETS.keys()];
  const [counts = {}] = await ask(
    `select ${bounds.map((index) => `count(*) filter (${bucketCondition(index)}) as b${index}`).join(', ')} from chosen`,
  );
  const longest = await ask(
    `select session_id, agent, project, command, started_at, duration_s, duration_source, updates, outcome, exit_code, source_line
     from command_runs semi join chosen using (agent, session_id)
     where duration_s is not null and in_window(started_at, setting_since(), setting_until())
     order by duration_s desc, run_id limit ${limit}`,
  );
  const without = await ask(
    `, effective as (
       select distinct agent, session_id from tool_calls
       where outcome = 'ok' and tool_kind in ('shell', 'edit', 'write')
         and in_window(started_at, setting_since(), setting_until())
     )
     select agent, session_id, project, started_at, active_s, prompts, tool_calls, tool_errors, cost_usd, title, first_prompt,
       count(*) over () as total
     from chosen anti join effective using (agent, session_id)
     order by active_s desc nulls last, agent, session_id limit ${limit}`,
  );
  return {
    active_time: time,
    buckets: bounds.map((index) => ({
      from_s: BUCKETS[index] ?? 0,
      to_s: BUCKETS[index + 1] ?? null,
      sessions: asNumber(counts[`b${index}`]) ?? 0,
    })),
    longest_commands: longest,
    without_effect: without.map(({ total: _, ...row }) => row),
    without_effect_total: asNumber(without[0]?.['total']) ?? 0,
  };
}

/** Seconds at which the bars of the histogram begin. */
const BUCKETS = [0, 60, 300, 900, 3600, 14_400];

function bucketCondition(index: number): string {
  const end = BUCKETS[index + 1];
  return `active_s >= ${BUCKETS[index] ?? 0}${end === undefined ? '' : ` and active_s < ${end}`}`;
}

function printRuns(found: Runs, terminal: Terminal, zone: string, note: string | null): void {
  if (note !== null) terminal.note([{ style: 'dim', text: note }]);
  const { count, duration } = cellsOf(found.active_time, zone);
  heading('Active time', terminal);
  terminal.print(
    `${count('sessions')} sessions: half below ${duration('median_s')}, nine in ten below ${duration('p90_s')}, longest ${duration('longest_s')}`,
  );
  for (const line of histogram(found.buckets)) terminal.print(line);
  section('Longest commands', found.longest_commands, commandColumns, terminal, zone);
  const total = found.without_effect_total;
  section(
    `Sessions without effect: nothing edited, written or run with success (${formatCount(total)})`,
    found.without_effect,
    sessionColumns,
    terminal,
    zone,
  );
}

/** A bar a bucket, the longest 30 characters. */
export function histogram(buckets: readonly Bucket[]): readonly string[] {
  const most = Math.max(...buckets.map(({ sessions }) => sessions), 1);
  const names = buckets.map(bucketName);
  const width = Math.max(...names.map((name) => name.length));
  return buckets.map(({ sessions }, index) => {
    // The smallest part is still seen.
    const length = sessions === 0 ? 0 : Math.max(1, Math.round((sessions / most) * BAR_WIDTH));
    const bar = [...(length === 0 ? [] : ['#'.repeat(length)]), formatCount(sessions)].join(' ');
    return `  ${(names[index] ?? '').padEnd(width)}  ${bar}`;
  });
}

const BAR_WIDTH = 30;

function bucketName({ from_s, to_s }: Bucket): string {
  if (to_s === null) return `${short(from_s)} and more`;
  return from_s === 0 ? `below ${short(to_s)}` : `${short(from_s)} to ${short(to_s)}`;
}

function short(seconds: number): string {
  return formatDuration(seconds).replace(/ 00 (s|min)$/, '');
}

function heading(text: string, terminal: Terminal): void {
  terminal.print([{ style: 'bold', text }]);
}

function section(
  title: string,
  rows: readonly JsonObject[],
  columns: readonly TableColumn<Cells>[],
  terminal: Terminal,
  zone: string,
): void {
  terminal.print();
  heading(title, terminal);
  if (rows.length === 0) {
    terminal.print('none');
    return;
  }
  const cells = rows.map((row) => cellsOf(row, zone));
  for (const line of tableLines(columns, cells, terminal.width)) terminal.print(line);
}

const commandColumns: readonly TableColumn<Cells>[] = [
  { title: 'TOOK', value: ({ duration }) => duration('duration_s'), align: 'right' },
  { title: 'ENDED', value: ({ text }) => text('outcome') },
  { title: 'SESSION', value: ({ text }) => text('session_id').slice(0, 8) },
  { title: 'PROJECT', value: ({ text }) => text('project'), flexible: true, spare: 2 },
  { title: 'MEASURED BY', value: ({ text }) => text('duration_source'), spare: 1 },
  { title: 'COMMAND', value: ({ text }) => text('command'), flexible: true },
];

const sessionColumns: readonly TableColumn<Cells>[] = [
  { title: 'SESSION', value: ({ text }) => text('session_id').slice(0, 8) },
  { title: 'STARTED', value: ({ instant }) => instant('started_at') },
  { title: 'PROJECT', value: ({ text }) => text('project'), flexible: true },
  { title: 'ACTIVE', value: ({ duration }) => duration('active_s'), align: 'right' },
  { title: 'CALLS', value: ({ count }) => count('tool_calls'), align: 'right', spare: 2 },
  { title: 'COST', value: ({ usd }) => usd('cost_usd'), align: 'right', spare: 1 },
  { title: 'FIRST PROMPT', value: ({ text }) => text('first_prompt'), flexible: true },
];
