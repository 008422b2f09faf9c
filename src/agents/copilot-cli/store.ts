import type { DatabaseCollection, DatabasePlan, TableColumns } from '../collection.ts';

/** The table with one row for each request to a model. */
export const USAGE_TABLE = 'assistant_usage_events';
export const SESSIONS_TABLE = 'sessions';

/** `session-store.db`: what each request used, also of sessions that crashed; written by the desktop program too. */
export const sessionStore: DatabaseCollection = {
  kind: 'database',
  recognise: (path) => /(?:^|\/)session-store\.db$/.test(path),
  plan: planOf,
};

const counters = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'total_nano_aiu',
];

/** Columns come and go with the versions; without a session and its tokens it is another program's database. */
function planOf(tables: TableColumns): DatabasePlan | null {
  const columns = tables.get(USAGE_TABLE);
  if (columns === undefined || !columns.includes('session_id') || !columns.includes('output_tokens')) return null;
  const present = counters.filter((name) => columns.includes(name));
  const size = present.map((name) => `coalesce(sum(cast(u.${name} as integer)), 0)`).join(' + ');
  const created = columns.includes('created_at')
    ? `max(case typeof(u.created_at) when 'text' then strftime('%s', u.created_at) end)`
    : 'null';
  const sessions = tables.get(SESSIONS_TABLE) ?? [];
  const order = columns.includes('id') ? 'id' : 'rowid';
  return {
    members: `select u.session_id as member, coalesce(cast(${created} as integer), 0) * 1000 as changed_ms,
      count(*) + ${size} as size from ${USAGE_TABLE} u where u.session_id is not null group by u.session_id`,
    rows: [
      ...(sessions.includes('id')
        ? [{ table: SESSIONS_TABLE, sql: `select * from ${SESSIONS_TABLE} where id = ?1` }]
        : []),
      { table: USAGE_TABLE, sql: `select * from ${USAGE_TABLE} where session_id = ?1 order by ${order}` },
    ],
  };
}
