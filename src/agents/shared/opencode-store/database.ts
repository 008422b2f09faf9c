import type { DatabaseCollection, DatabasePlan, TableColumns } from '../../collection.ts';

/** Columns of a session that say something; its sums of tokens and its times of change repeat or merely stir. */
const sessionColumns = [
  'id',
  'project_id',
  'parent_id',
  'fork_session_id',
  'fork_message_id',
  'directory',
  'title',
  'version',
  'agent',
  'revert',
  'time_created',
] as const;

/** The newest builds keep their sessions in a table of their own. */
const sessionTables = ['session_v2', 'session'] as const;
const messageTables = ['message', 'part', 'session_message'] as const;

/** A database with OpenCode's tables (formats.md 6.2), called as `recognise` says. */
export function opencodeDatabase(recognise: (path: string) => boolean): DatabaseCollection {
  return { kind: 'database', recognise, plan };
}

function plan(tables: TableColumns): DatabasePlan | null {
  const sessions = sessionTables.filter((table) => has(tables, table, 'id'));
  const contents = messageTables.filter((table) => has(tables, table, 'session_id', 'data'));
  if (sessions.length === 0 || contents.length === 0) return null;
  return {
    members: membersOf(tables, sessions, contents),
    rows: [
      ...sessions.map((table) => ({ table: 'session', sql: sessionRows(tables, table) })),
      ...contents.map((table) => ({ table, sql: contentRows(tables, table) })),
    ],
  };
}

function has(tables: TableColumns, table: string, ...columns: readonly string[]): boolean {
  const present = tables.get(table);
  return present !== undefined && columns.every((column) => present.includes(column));
}

/** Rows are changed in place, so each session tells its last change, and how many rows of what length it has (formats.md 6.1). */
function membersOf(tables: TableColumns, sessions: readonly string[], contents: readonly string[]): string {
  const changed = (table: string): string => (has(tables, table, 'time_updated') ? 'max(time_updated)' : '0');
  const title = (table: string): string =>
    has(tables, table, 'title') ? ' + sum(coalesce(octet_length(title), 0))' : '';
  const ofSessions = sessions.map(
    (table) =>
      `select id as member, ${changed(table)} as changed_ms, count(*)${title(table)} as size from ${table} group by id`,
  );
  const ofContents = contents.map(
    (table) =>
      `select session_id as member, ${changed(table)} as changed_ms, count(*) + sum(coalesce(octet_length(data), 0)) as size ` +
      `from ${table} group by session_id`,
  );
  const all = [...ofSessions, ...ofContents].join(' union all ');
  return (
    `select member, coalesce(max(changed_ms), 0) as changed_ms, sum(size) as size from (${all}) ` +
    `where member is not null and member <> '' group by member order by member`
  );
}

function sessionRows(tables: TableColumns, table: string): string {
  const columns = sessionColumns.filter((column) => has(tables, table, column));
  return `select ${columns.join(', ')} from ${table} where id = ?1`;
}

function contentRows(tables: TableColumns, table: (typeof messageTables)[number]): string {
  const columns = contentColumns[table].filter((column) => has(tables, table, column));
  const selected = columns.map((column) => `t.${column}`).join(', ');
  const byMessage = table === 'part' && has(tables, 'part', 'message_id') && has(tables, 'message', 'id');
  const joined = byMessage ? ' left join message m on m.id = t.message_id' : '';
  const order = [
    ...(byMessage
      ? ['time_created', 'id'].filter((column) => has(tables, 'message', column)).map((name) => `m.${name}`)
      : []),
    ...orders[table].filter((column) => has(tables, table, column)).map((name) => `t.${name}`),
  ];
  const sorted = order.length === 0 ? '' : ` order by ${order.join(', ')}`;
  return `select ${selected} from ${table} t${joined} where t.session_id = ?1${sorted}`;
}

const contentColumns = {
  message: ['id', 'session_id', 'time_created', 'data'],
  // A part's own row time is that of a migration or of a fork; what happened when is in its data.
  part: ['id', 'message_id', 'session_id', 'data'],
  session_message: ['id', 'session_id', 'type', 'seq', 'time_created', 'data'],
} as const;

const orders = {
  message: ['time_created', 'id'],
  part: ['id'],
  session_message: ['seq', 'time_created', 'id'],
} as const;
