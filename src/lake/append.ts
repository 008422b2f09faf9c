import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parquet, identifier, WorkDuck } from './duck.ts';
import { adoptFile } from './files.ts';
import { holdsLock } from './lock.ts';
import { commit, readSnapshot, type Snapshot } from './log.ts';
import type { Cell, Row } from './row.ts';
import { readRows, writeRows } from './rows.ts';
import { tables, type TableSchema } from './schema.ts';
import type { Store } from './store.ts';

/** One value for each named column; columns without one are null. */
export type NamedRow = Readonly<Record<string, Cell>>;

interface Growth {
  readonly table: 'verdicts';
  /** Columns that tell rows apart. */
  readonly identity: readonly string[];
  readonly rows: readonly NamedRow[];
  readonly now: Date;
}

/** Small files of many runs are put together when there are this many. */
const MOST_FILES = 32;

/**
 * Adds rows to a table that only grows, and leaves out those that it has already: adding the same rows again changes nothing.
 * The caller holds the lock. Returns how many were new.
 */
export async function appendRows(store: Store, { table, identity, rows, now }: Growth): Promise<number> {
  if (!holdsLock(store)) throw new TypeError('Expected the caller of appendRows to hold the lock');
  if (rows.length === 0) return 0;
  const schema = tables[table];
  const directory = store.tablePath(table);
  const before = await readSnapshot(directory);
  return await WorkDuck.use({ folder: store.directory, spillDirectory: store.tmp }, async ({ connection }) => {
    const known = await identities(connection, filesOf(directory, before), identity);
    const fresh = rows.filter((row) => isNew(known, identity, row)).map((row) => inOrder(schema, row));
    if (fresh.length === 0) return 0;
    const merged = before.files.length >= MOST_FILES;
    const old = merged ? await readRows(connection, schema, filesOf(directory, before)) : [];
    const written = await writeRows(connection, schema, [...old, ...fresh], store.tmp);
    if (written === null) return 0;
    await adoptFile(written.temporary, path.join(directory, written.file.path));
    const remove = merged ? before.files.map((file) => file.path) : [];
    await commit(directory, schema, before, { add: [written.file], remove, note: {} }, now);
    return fresh.length;
  });
}

function filesOf(directory: string, { files }: Snapshot): readonly string[] {
  return files.map((file) => path.join(directory, file.path));
}

async function identities(
  connection: DuckDBConnection,
  files: readonly string[],
  identity: readonly string[],
): Promise<Set<string>> {
  if (files.length === 0) return new Set();
  const columns = identity.map((column) => `${identifier(column)}::varchar`).join(', ');
  const reader = await connection.runAndReadAll(`select ${columns} from ${parquet(files)}`);
  return new Set(reader.getRowsJS().map((row) => JSON.stringify(row)));
}

/** Also of two equal rows that come together only the first is new. */
function isNew(known: Set<string>, identity: readonly string[], row: NamedRow): boolean {
  const key = JSON.stringify(identity.map((column) => String(row[column])));
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

function inOrder(schema: TableSchema, row: NamedRow): Row {
  const names = new Set(schema.columns.map(({ name }) => name));
  const unknown = Object.keys(row).find((name) => !names.has(name));
  if (unknown !== undefined) throw new TypeError(`Expected columns of ${schema.name}, got ${unknown}`);
  return schema.columns.map(({ name }) => row[name] ?? null);
}
