import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatCount } from '../core/figures.ts';
import { asNumber, type JsonObject } from '../core/json.ts';
import { cellsOf, type Cells } from './cells.ts';
import { windowOf, type Invocation } from './command.ts';
import { asksForAll } from './kept-answer.ts';
import { keptTotals, type Totals } from './stats-kept.ts';
import { tableLines, type TableColumn } from './table.ts';
import type { Terminal } from './terminal.ts';
import { windowJson, windowText } from './window-note.ts';

/**
 * Totals of the window. JSON: `window`, `totals`, `agents` and `models` (a list each, largest cost first) and `coverage`
 * (of the whole store); seconds end in `_s`, dollars in `_usd`, null is "not known".
 */
export async function stats(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone } = invocation;
  const { since, until, anchor } = windowOf(invocation);
  const window = { sinceMicros: since, untilMicros: until, anchor, zone };
  const ask = async (): Promise<Totals> => (await import('./stats-totals.ts')).askTotals(invocation);
  const found = asksForAll(flags) ? await keptTotals(invocation, ask) : await ask();
  if (flags.flag('json')) terminal.json({ window: windowJson(window), ...found });
  else printFound(found, terminal, zone, windowText(window));
  return exitCode.ok;
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

function printCoverage({ count, counted, instant }: Cells, terminal: Terminal): void {
  terminal.print();
  terminal.print(
    `The store holds ${counted('sources', 'file')} with ${counted('lines', 'line')} from ${instant('first_ts')} to ${instant('last_ts')}: ` +
      `${counted('salvaged', 'line')} salvaged, ${count('quarantined')} quarantined, ${counted('unreadable', 'file')} unreadable, ` +
      `${counted('unknown_events', 'event')} of unknown kinds.`,
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
