import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatCount } from '../core/figures.ts';
import { asNumber, type JsonObject } from '../core/json.ts';
import { together } from '../core/together.ts';
import type { ViewSettings } from '../views/lake.ts';
import type { Views } from '../views/query.ts';
import { activeTime, activeTimeText, bucketsOf, histogram, type ActiveTime, type Bucket } from './active-time.ts';
import { cellsOf, type Cells } from './cells.ts';
import type { Invocation } from './command.ts';
import { joinChosen, readFilters, windowFigures, type Filters } from './filters.ts';
import { sessionRows } from './session-rows.ts';
import { tableLines, type TableColumn } from './table.ts';
import type { Terminal } from './terminal.ts';
import { viewSettings } from './settings.ts';
import { records, withViews } from './views.ts';
import { windowJson, windowText } from './window-note.ts';

const DEFAULT_LIMIT = 10;

interface Runs {
  readonly active_time: ActiveTime;
  readonly buckets: readonly Bucket[];
  readonly longest_commands: readonly JsonObject[];
  readonly longest_calls: readonly JsonObject[];
  readonly without_effect: readonly JsonObject[];
  readonly without_effect_total: number;
}

/**
 * How sessions ran. JSON: `window`, `active_time` (sessions, median_s, p90_s, longest_s), `buckets` (from_s, to_s,
 * sessions), `longest_commands` (of measured durations), `longest_calls` (whose time from call to result may include
 * waiting for a person), `without_effect` and `without_effect_total`.
 */
export async function runs(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, memoryBytes, zone } = invocation;
  const limit = flags.count('limit', DEFAULT_LIMIT);
  const filters = readFilters(flags);
  const settings = viewSettings(invocation);
  const found = await withViews({ storeDir, memoryBytes, settings }, (views) =>
    runsOf(views, filters, settings, limit),
  );
  if (flags.flag('json')) terminal.json({ window: windowJson(settings), ...found });
  else printRuns(found, terminal, zone, windowText(settings));
  return exitCode.ok;
}

async function runsOf(views: Views, filters: Filters, settings: ViewSettings, limit: number): Promise<Runs> {
  const { query } = views;
  const { where, parameters } = filters;
  const join = joinChosen(filters, settings);
  const [sessionsFound, longestFound] = await together([
    query(
      `with effective as (
         select distinct agent, session_id, true as has_effect from intermediate.call_outcomes
         where outcome = 'ok' and tool_kind in ('shell', 'edit', 'write')
           and in_window(started_at, setting_since(), setting_until())
       )
       select agent, session_id, project, started_at, active_s, prompts, tool_calls, tool_errors, cost_usd,
         coalesce(has_effect, false) as has_effect
       from ${windowFigures(settings)} left join effective using (agent, session_id) where ${where}
       order by active_s desc nulls last, agent, session_id`,
      parameters,
    ),
    query(
      `select session_id, agent, project, command, started_at, duration_s, duration_source, updates, outcome, exit_code, source_line
       from command_runs ${join}
       where duration_s is not null and in_window(started_at, setting_since(), setting_until())
       qualify row_number() over (partition by ${MEASURED} order by duration_s desc, run_id) <= ${limit}
       order by duration_s desc, run_id`,
      join === '' ? [] : parameters,
    ),
  ]);
  const sessions = records(sessionsFound);
  const longest = records(longestFound);
  const active = sessions.map((row) => asNumber(row['active_s'])).filter((seconds) => seconds !== null);
  const without = sessions.flatMap((row) => {
    const { has_effect: hasEffect, ...figures } = row;
    return hasEffect === true ? [] : [figures];
  });
  return {
    active_time: activeTime(active),
    buckets: bucketsOf(active),
    longest_commands: longest.filter(isMeasured),
    longest_calls: longest.filter((row) => !isMeasured(row)),
    without_effect: await withTexts(views, without.slice(0, limit), settings),
    without_effect_total: without.length,
  };
}

/** A command that ran into its time limit did run all that time. */
const MEASURED = "(duration_source <> 'call_to_result' or outcome = 'timeout')";

function isMeasured(row: JsonObject): boolean {
  return row['duration_source'] !== 'call_to_result' || row['outcome'] === 'timeout';
}

async function withTexts(
  views: Views,
  sessions: readonly JsonObject[],
  settings: ViewSettings,
): Promise<readonly JsonObject[]> {
  const rows = await sessionRows(views, sessions, settings);
  return sessions.map((session, index) => {
    const { title = null, first_prompt: firstPrompt = null } = rows[index] ?? {};
    return { ...session, title, first_prompt: firstPrompt };
  });
}

function printRuns(found: Runs, terminal: Terminal, zone: string, note: string | null): void {
  if (note !== null) terminal.note([{ style: 'dim', text: note }]);
  heading('Active time', terminal);
  for (const line of [activeTimeText(found.active_time), ...histogram(found.buckets)]) terminal.print(line);
  section('Longest commands', found.longest_commands, commandColumns, terminal, zone);
  section(
    'Longest from call to result: may include waiting for a person',
    found.longest_calls,
    commandColumns,
    terminal,
    zone,
  );
  const total = found.without_effect_total;
  section(
    `Sessions without effect: nothing edited, written or run with success (${formatCount(total)})`,
    found.without_effect,
    sessionColumns,
    terminal,
    zone,
  );
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
  { title: 'COMMAND', value: ({ text }) => text('command'), flexible: true, prose: true },
];

const sessionColumns: readonly TableColumn<Cells>[] = [
  { title: 'SESSION', value: ({ text }) => text('session_id').slice(0, 8) },
  { title: 'STARTED', value: ({ instant }) => instant('started_at') },
  { title: 'PROJECT', value: ({ text }) => text('project'), flexible: true },
  { title: 'ACTIVE', value: ({ duration }) => duration('active_s'), align: 'right' },
  { title: 'CALLS', value: ({ count }) => count('tool_calls'), align: 'right', spare: 2 },
  { title: 'COST', value: ({ usd }) => usd('cost_usd'), align: 'right', spare: 1 },
  { title: 'FIRST PROMPT', value: ({ text }) => text('first_prompt'), flexible: true, prose: true },
];
