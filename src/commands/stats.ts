import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatCount } from '../core/figures.ts';
import { asNumber, type JsonObject } from '../core/json.ts';
import type { ViewSettings } from '../views/lake.ts';
import type { Views } from '../views/query.ts';
import { cellsOf, tokenColumns, type Cells } from './cells.ts';
import type { Invocation } from './command.ts';
import { joinChosen, readFilters, WINDOW_FIGURES, type Filters } from './filters.ts';
import { tableLines, type TableColumn } from './table.ts';
import type { Terminal } from './terminal.ts';
import { viewSettings } from './settings.ts';
import { records, withViews } from './views.ts';
import { windowJson, windowText } from './window-note.ts';

interface Totals {
  readonly totals: JsonObject;
  readonly agents: readonly JsonObject[];
  readonly models: readonly JsonObject[];
  readonly coverage: JsonObject;
}

/**
 * Totals of the window. JSON: `window`, `totals`, `agents` and `models` (a list each, largest cost first) and `coverage`
 * (of the whole store); seconds end in `_s`, dollars in `_usd`, null is "not known".
 */
export async function stats(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, zone } = invocation;
  const filters = readFilters(flags);
  const settings = viewSettings(invocation);
  const found = await withViews({ storeDir, settings }, (views) => totalsOf(views, filters, settings));
  if (flags.flag('json')) terminal.json({ window: windowJson(settings), ...found });
  else printFound(found, terminal, zone, windowText(settings));
  return exitCode.ok;
}

const sums = [
  'count(*) as sessions',
  'count(*) filter (is_subagent) as subagent_sessions',
  ...['active_s', 'active_capped_s', 'wall_s'].map((name) => `sum(${name}) as ${name}`),
  ...['prompts', 'tool_calls', 'tool_errors', 'rejections', 'interrupts', 'responses', ...tokenColumns].map(
    (name) => `cast(sum(${name}) as bigint) as ${name}`,
  ),
  'sum(cost_usd) as cost_usd',
  'cast(coalesce(sum(cost_unknown_responses), 0) as bigint) as cost_unknown_responses',
  // How many sessions each figure covers: what is not known is in no sum.
  'count(active_s) as timed_sessions',
  'count(tool_errors) as error_sessions',
  'count(input_tokens) as token_sessions',
  'count(output_tokens) as output_sessions',
  'count(cost_usd) as cost_sessions',
].join(', ');

const modelSums = [
  'sum(responses) as responses',
  ...tokenColumns.map((name) => `cast(sum(${name}) as bigint) as ${name}`),
  'sum(cost_usd) as cost_usd',
  'count(*) filter (cost_usd is null) as cost_unknown_responses',
].join(', ');

const familySums = ['responses', ...tokenColumns]
  .map((name) => `cast(sum(${name}) as bigint) as ${name}`)
  .concat('sum(cost_usd) as cost_usd', 'cast(sum(cost_unknown_responses) as bigint) as cost_unknown_responses')
  .join(', ');

async function totalsOf({ query }: Views, filters: Filters, settings: ViewSettings): Promise<Totals> {
  const { where, parameters } = filters;
  const join = joinChosen(filters, settings);
  // One pass over the sessions gives each agent's sums and, as the row without an agent, those of all.
  const bySessions = records(
    await query(
      `select agent, ${sums} from ${WINDOW_FIGURES} where ${where} group by grouping sets ((), (agent))
       order by agent is not null, cost_usd desc nulls last, agent`,
      parameters,
    ),
  );
  const byModel = records(
    await query(
      // By model first: finding the family of a name takes longer than everything else.
      `with by_model as (
         select model, ${modelSums} from model_usage ${join}
         where in_window(ts, setting_since(), setting_until()) group by model
       )
       select model_family(model) as model_family, ${familySums} from by_model
       group by model_family(model) order by cost_usd desc nulls last, model_family`,
      join === '' ? [] : parameters,
    ),
  );
  const coverage = records(
    await query(
      `select count(*) as sources, count(*) filter (state = 'unreadable') as unreadable, count(*) filter (state = 'gone') as gone,
       cast(coalesce(sum(bytes), 0) as bigint) as bytes, cast(coalesce(sum(lines), 0) as bigint) as lines,
       cast(coalesce(sum(salvaged), 0) as bigint) as salvaged, cast(coalesce(sum(quarantined), 0) as bigint) as quarantined,
       cast(coalesce(sum(unknown), 0) as bigint) as unknown_events, min(first_ts) as first_ts, max(last_ts) as last_ts
       from ingest_ledger`,
    ),
  );
  const [all = {}, ...agents] = bySessions;
  const { agent: _, ...totals } = all;
  return { totals, agents, models: byModel, coverage: coverage[0] ?? {} };
}

function printFound(found: Totals, terminal: Terminal, zone: string, note: string | null): void {
  if (note !== null) terminal.note([{ style: 'dim', text: note }]);
  if (asNumber(found.totals['sessions']) === 0) terminal.print('No session matches.');
  else printTotals(found, terminal, zone);
  printCoverage(cellsOf(found.coverage, zone), terminal);
}

function printTotals({ totals, agents, models }: Totals, terminal: Terminal, zone: string): void {
  const all = cellsOf(totals, zone);
  const subagents = asNumber(totals['subagent_sessions']) ?? 0;
  const unpriced = asNumber(totals['cost_unknown_responses']) ?? 0;
  const known = (covered: string): string => coverText(totals, covered);
  const facts: readonly (readonly [string, string])[] = [
    ['sessions', `${all.count('sessions')}${subagents === 0 ? '' : `, ${formatCount(subagents)} of them sub-agents`}`],
    [
      'active time',
      `${all.duration('active_s')} of ${all.duration('wall_s')} between first and last events${known('timed_sessions')}`,
    ],
    ['prompts', all.count('prompts')],
    [
      'tool calls',
      `${all.count('tool_calls')}, ${all.count('tool_errors')} failed${known('error_sessions')}, ${all.count('rejections')} rejected`,
    ],
    ['tokens', `${tokensText(all)}${known('token_sessions')}`],
    ['cost', `${all.usd('cost_usd')} at list prices${unpricedText(unpriced, all)}${known('cost_sessions')}`],
  ];
  for (const [name, value] of facts) terminal.print([{ style: 'bold', text: name.padEnd(13) }, value]);
  const cells = (rows: readonly JsonObject[]): readonly Cells[] => rows.map((row) => cellsOf(row, zone));
  printSection('By agent', cells(agents), agentColumns, terminal);
  printSection('By model family', cells(models), modelColumns, terminal);
}

/** Says how many sessions a figure covers, when it is not all of them. */
function coverText(totals: JsonObject, covered: string): string {
  const sessions = asNumber(totals['sessions']) ?? 0;
  const count = asNumber(totals[covered]) ?? 0;
  return count === sessions ? '' : ` (known for ${formatCount(count)} of ${formatCount(sessions)} sessions)`;
}

function tokensText({ tokens }: Cells): string {
  const cached = `${tokens('cache_read_tokens')} read from cache`;
  const written = `${tokens('cache_write_5m_tokens', 'cache_write_1h_tokens')} written to cache`;
  return `${tokens('input_tokens')} input, ${tokens('output_tokens')} output, ${cached}, ${written}`;
}

function unpricedText(unpriced: number, all: Cells): string {
  return unpriced === 0 ? '' : `; ${formatCount(unpriced)} of ${all.count('responses')} responses have no known price`;
}

function printSection(
  title: string,
  rows: readonly Cells[],
  columns: readonly TableColumn<Cells>[],
  terminal: Terminal,
): void {
  if (rows.length === 0) return;
  terminal.print();
  terminal.print([{ style: 'bold', text: title }]);
  for (const line of tableLines(columns, rows, terminal.width)) terminal.print(line);
}

function printCoverage({ count, instant }: Cells, terminal: Terminal): void {
  terminal.print();
  terminal.print(
    `The store holds ${count('sources')} files with ${count('lines')} lines from ${instant('first_ts')} to ${instant('last_ts')}: ` +
      `${count('salvaged')} lines salvaged, ${count('quarantined')} quarantined, ${count('unreadable')} files unreadable, ` +
      `${count('unknown_events')} events of unknown kinds.`,
  );
}

const usage: readonly TableColumn<Cells>[] = [
  { title: 'INPUT', value: ({ tokens }) => tokens('input_tokens'), align: 'right', spare: 3 },
  { title: 'OUTPUT', value: ({ tokens }) => tokens('output_tokens'), align: 'right', spare: 2 },
  { title: 'CACHE READ', value: ({ tokens }) => tokens('cache_read_tokens'), align: 'right', spare: 4 },
  {
    title: 'CACHE WRITE',
    value: ({ tokens }) => tokens('cache_write_5m_tokens', 'cache_write_1h_tokens'),
    align: 'right',
    spare: 5,
  },
  { title: 'COST', value: ({ usd }) => usd('cost_usd'), align: 'right' },
];

const agentColumns: readonly TableColumn<Cells>[] = [
  { title: 'AGENT', value: ({ text }) => text('agent'), flexible: true },
  { title: 'SESSIONS', value: ({ count }) => count('sessions'), align: 'right' },
  { title: 'ACTIVE', value: ({ duration }) => duration('active_s'), align: 'right' },
  { title: 'CALLS', value: ({ count }) => count('tool_calls'), align: 'right', spare: 6 },
  ...usage,
];

const modelColumns: readonly TableColumn<Cells>[] = [
  { title: 'FAMILY', value: ({ text }) => text('model_family'), flexible: true },
  { title: 'RESPONSES', value: ({ count }) => count('responses'), align: 'right', spare: 1 },
  { title: 'UNPRICED', value: ({ count }) => count('cost_unknown_responses'), align: 'right', spare: 6 },
  ...usage,
];
