import { asNumber, type JsonObject } from '../core/json.ts';
import type { Views } from '../views/query.ts';
import type { Invocation } from './command.ts';
import { readFilters, windowFigures } from './filters.ts';
import { sessionOrders } from './session-orders.ts';
import { sessionRows } from './session-rows.ts';
import type { SessionPage } from './sessions-kept.ts';
import { viewSettings } from './settings.ts';
import { records, withViews } from './views.ts';

/** With more sessions than these a list of all takes longer to read than the engine takes to start. */
const MOST_KEPT = 20_000;

interface Asked {
  /** A key of `sessionOrders`. */
  readonly sort: string;
  readonly limit: number;
  /** Takes all sessions and their places in each order; null: they are not asked for. */
  readonly keep: ((found: JsonObject) => Promise<void>) | null;
}

/** The sessions of the window that the command line asks for, from the views. */
export async function askSessions(invocation: Invocation, { sort, limit, keep }: Asked): Promise<SessionPage> {
  const { flags, storeDir, memoryBytes } = invocation;
  const { where, parameters } = readFilters(flags);
  const settings = viewSettings(invocation);
  return await withViews({ storeDir, memoryBytes, settings }, async (views) => {
    const order = orderBy(sessionOrders[sort] ?? '');
    const keys = records(
      await views.query(
        `with chosen as materialized (from ${windowFigures(settings)} where ${where})
         select agent, session_id, (select count(*) from chosen) as total from chosen order by ${order} limit ${limit}`,
        parameters,
      ),
    );
    const total = asNumber(keys[0]?.['total']) ?? 0;
    const rows = await sessionRows(views, keys, settings);
    if (keep !== null && total > 0 && total <= MOST_KEPT) await keep(await allSessions(views));
    return { total, rows };
  });
}

function orderBy(column: string): string {
  return `${column} desc nulls last, agent, session_id`;
}

/** Every session, and for each order the places of the sessions in the list of them. */
async function allSessions({ query }: Views): Promise<JsonObject> {
  const names = Object.keys(sessionOrders);
  const places = Object.values(sessionOrders).map((column) => `row_number() over (order by ${orderBy(column)})`);
  const { columns, rows } = await query(`select *, ${places.join(', ')} from sessions`);
  const width = columns.length - names.length;
  const orders = names.map((name, at) => {
    const order: number[] = [];
    for (const [index, row] of rows.entries()) order[(asNumber(row[width + at] ?? null) ?? 0) - 1] = index;
    return [name, order] as const;
  });
  return {
    columns: columns.slice(0, width).map(({ name }) => name),
    rows: rows.map((row) => row.slice(0, width)),
    orders: Object.fromEntries(orders),
  };
}
