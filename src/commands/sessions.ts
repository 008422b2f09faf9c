import { UsageError, exitCode, type ExitCode } from '../core/errors.ts';
import { asNumber, asText, type JsonObject } from '../core/json.ts';
import type { Invocation } from './command.ts';
import { cellsOf, tokenColumns, type Cells } from './cells.ts';
import { readFilters, windowFigures } from './filters.ts';
import { sessionRows } from './session-rows.ts';
import { tableLines, type TableColumn } from './table.ts';
import { viewSettings } from './settings.ts';
import { records, withViews } from './views.ts';
import { windowJson, windowText } from './window-note.ts';

const DEFAULT_LIMIT = 50;

/** What `--sort` names; the values are ours, never the person's. */
const orders: Readonly<Record<string, string>> = {
  started: 'started_at',
  ended: 'ended_at',
  active: 'active_s',
  wall: 'wall_s',
  cost: 'cost_usd',
  tokens: tokenColumns.map((name) => `coalesce(${name}, 0)`).join(' + '),
  prompts: 'prompts',
  calls: 'tool_calls',
  errors: 'tool_errors',
};

/**
 * Lists the sessions of the window. JSON: `window`, `total` (sessions that match) and `sessions`, whose fields are the
 * columns of the view `sessions`.
 */
export async function sessions(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, memoryBytes } = invocation;
  const limit = flags.count('limit', DEFAULT_LIMIT);
  const order = orders[flags.text('sort') ?? 'started'];
  if (order === undefined) throw new UsageError(`Expected --sort to be one of ${Object.keys(orders).join(', ')}.`);
  const { where, parameters } = readFilters(flags);
  const settings = viewSettings(invocation);
  const { total, rows } = await withViews({ storeDir, memoryBytes, settings }, async (views) => {
    const keys = records(
      await views.query(
        `select agent, session_id, count(*) over () as total from ${windowFigures(settings)} where ${where}
         order by ${order} desc nulls last, agent, session_id limit ${limit}`,
        parameters,
      ),
    );
    return { total: asNumber(keys[0]?.['total']) ?? 0, rows: await sessionRows(views, keys, settings) };
  });
  if (flags.flag('json')) terminal.json({ window: windowJson(settings), total, sessions: rows });
  else printTable(rows, total, invocation, windowText(settings));
  return exitCode.ok;
}

function printTable(
  rows: readonly JsonObject[],
  total: number,
  { terminal, zone }: Invocation,
  note: string | null,
): void {
  if (note !== null) terminal.note([{ style: 'dim', text: note }]);
  if (rows.length === 0) {
    terminal.note('No session matches.');
    return;
  }
  const cells = rows.map((row) => cellsOf(row, zone));
  const ids = rows.map((row) => asText(row['session_id']) ?? '');
  // Whole ids for programs; on a terminal as much of each as tells it from the others.
  const idLength = terminal.width === null ? Number.POSITIVE_INFINITY : distinctLength(ids);
  for (const line of tableLines(columns(idLength), cells, terminal.width)) terminal.print(line);
  if (total > rows.length) terminal.note(`${rows.length} of ${total} sessions; --limit ${total} shows all.`);
}

/** The fewest characters, at least 8, by which the ids differ from each other. */
export function distinctLength(ids: readonly string[]): number {
  const longest = Math.max(...ids.map((id) => id.length), SHORTEST_ID);
  for (let length = SHORTEST_ID; length < longest; length += 1) {
    if (new Set(ids.map((id) => id.slice(0, length))).size === new Set(ids).size) return length;
  }
  return longest;
}

const SHORTEST_ID = 8;

function columns(idLength: number): readonly TableColumn<Cells>[] {
  return [
    { title: 'ID', value: ({ text }) => text('session_id').slice(0, idLength) },
    { title: 'STARTED', value: ({ instant }) => instant('started_at') },
    { title: 'PROJECT', value: ({ text }) => text('project'), flexible: true },
    { title: 'ACTIVE', value: ({ duration }) => duration('active_s'), align: 'right' },
    { title: 'WALL', value: ({ duration }) => duration('wall_s'), align: 'right', spare: 4 },
    { title: 'PROMPTS', value: ({ count }) => count('prompts'), align: 'right', spare: 5 },
    { title: 'CALLS', value: ({ count }) => count('tool_calls'), align: 'right', spare: 3 },
    { title: 'ERRORS', value: ({ count }) => count('tool_errors'), align: 'right', spare: 2 },
    { title: 'TOKENS', value: ({ tokens }) => tokens(...tokenColumns), align: 'right', spare: 6 },
    { title: 'COST', value: ({ usd }) => usd('cost_usd'), align: 'right', spare: 1 },
    { title: 'AGENT', value: ({ text }) => text('agent'), spare: 7 },
    { title: 'USER', value: ({ text }) => text('user'), spare: 9 },
    { title: 'MODELS', value: ({ list }) => list('models'), flexible: true, spare: 8 },
    { title: 'TITLE', value: titleOf, flexible: true, prose: true },
  ];
}

function titleOf({ text }: Cells): string {
  const title = text('title');
  return title === '-' ? text('first_prompt') : title;
}
