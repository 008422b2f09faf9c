import { UsageError, exitCode, type ExitCode } from '../core/errors.ts';
import { asText, type JsonObject } from '../core/json.ts';
import { cellsOf, tokenColumns, type Cells } from './cells.ts';
import { windowOf, type Invocation } from './command.ts';
import { asksForAll, keptAnswer } from './kept-answer.ts';
import { sessionOrders } from './session-orders.ts';
import { pageOf, type SessionPage } from './sessions-kept.ts';
import { tableLines, type TableColumn } from './table.ts';
import { windowJson, windowText } from './window-note.ts';

const DEFAULT_LIMIT = 50;

/**
 * Lists the sessions of the window. JSON: `window`, `total` (sessions that match) and `sessions`, whose fields are the
 * columns of the view `sessions`.
 */
export async function sessions(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone } = invocation;
  const limit = flags.count('limit', DEFAULT_LIMIT);
  const sort = flags.text('sort') ?? 'started';
  if (sessionOrders[sort] === undefined) {
    throw new UsageError(`Expected --sort to be one of ${Object.keys(sessionOrders).join(', ')}.`);
  }
  const { since, until, anchor } = windowOf(invocation);
  const window = { sinceMicros: since, untilMicros: until, anchor, zone };
  const { total, rows } = await pageFor(invocation, sort, limit);
  if (flags.flag('json')) terminal.json({ window: windowJson(window), total, sessions: rows });
  else printTable(rows, total, invocation, windowText(window));
  return exitCode.ok;
}

/** Of all sessions as they were found before, which needs no engine; else as the views tell. */
async function pageFor(invocation: Invocation, sort: string, limit: number): Promise<SessionPage> {
  const kept = asksForAll(invocation.flags) ? await keptAnswer(invocation.storeDir, 'sessions.json') : null;
  if (kept !== null && kept.found !== null) return pageOf(kept.found, sort, limit);
  const { askSessions } = await import('./session-list.ts');
  return await askSessions(invocation, { sort, limit, keep: kept?.keep ?? null });
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
