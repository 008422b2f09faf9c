import type { DatabaseCollection, DatabasePlan, TableColumns } from '../collection.ts';

export const SESSIONS_TABLE = 'sessions';
export const MESSAGES_TABLE = 'messages';
export const LEDGER_TABLE = 'usage_ledger';

/** `sessions.db`: all sessions since about October 2025. */
export const sessionsDatabase: DatabaseCollection = {
  kind: 'database',
  recognise: (path) => /(?:^|\/)sessions\.db$/.test(path),
  plan: planOf,
};

/** What the adapter reads of a session; settings and recipes stay where they are. */
const sessionColumns = [
  'id',
  'name',
  'description',
  'user_set_name',
  'session_type',
  'working_dir',
  'created_at',
  'updated_at',
  'provider_name',
  'model_config_json',
  'accumulated_total_tokens',
  'accumulated_input_tokens',
  'accumulated_output_tokens',
  'accumulated_cache_read_tokens',
  'accumulated_cache_write_tokens',
  'accumulated_cost',
  'parent_session_id',
  'schedule_id',
];

function planOf(tables: TableColumns): DatabasePlan | null {
  const sessions = tables.get(SESSIONS_TABLE) ?? [];
  const messages = tables.get(MESSAGES_TABLE) ?? [];
  const ledger = tables.get(LEDGER_TABLE)?.includes('session_id') === true;
  if (!includesAll(sessions, ['id', 'working_dir']) || !includesAll(messages, ['session_id', 'role', 'content_json']))
    return null;
  const written = sessions.includes('updated_at') ? `cast(strftime('%s', s.updated_at) as integer)` : 'null';
  const total = sessions.includes('accumulated_total_tokens') ? 'coalesce(s.accumulated_total_tokens, 0)' : '0';
  const requests = ledger ? `(select count(*) from ${LEDGER_TABLE} u where u.session_id = s.id)` : '0';
  const content = `(select count(*) + coalesce(sum(length(m.content_json)), 0) from ${MESSAGES_TABLE} m where m.session_id = s.id)`;
  return {
    members: `select s.id as member, coalesce(${written}, 0) * 1000 as changed_ms, ${content} + ${requests} + ${total} as size
      from ${SESSIONS_TABLE} s`,
    rows: [
      { table: SESSIONS_TABLE, sql: sessionSql(sessions) },
      {
        table: MESSAGES_TABLE,
        sql: `select * from ${MESSAGES_TABLE} where session_id = ?1 order by ${orderOf(messages)}`,
      },
      ...(ledger
        ? [
            {
              table: LEDGER_TABLE,
              sql: `select * from ${LEDGER_TABLE} where session_id = ?1 order by ${orderOf(tables.get(LEDGER_TABLE))}`,
            },
          ]
        : []),
    ],
  };
}

/** The parent's time of creation makes its id unique, like that of the session itself. */
function sessionSql(columns: readonly string[]): string {
  const own = sessionColumns.filter((name) => columns.includes(name)).map((name) => `s.${name}`);
  if (!includesAll(columns, ['parent_session_id', 'created_at'])) {
    return `select ${own.join(', ')} from ${SESSIONS_TABLE} s where s.id = ?1`;
  }
  return `select ${own.join(', ')}, p.created_at as parent_created_at
    from ${SESSIONS_TABLE} s left join ${SESSIONS_TABLE} p on p.id = s.parent_session_id where s.id = ?1`;
}

/** A conversation that was rewritten has its rows in order, and all of one time. */
function orderOf(columns: readonly string[] = []): string {
  return columns.includes('id') ? 'id' : 'rowid';
}

function includesAll(columns: readonly string[], names: readonly string[]): boolean {
  return names.every((name) => columns.includes(name));
}
