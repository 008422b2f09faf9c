import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { parquet, identifier, literal } from './duck.ts';
import { writeWithDuck } from './files.ts';
import type { DataFile } from './log.ts';
import type { Cell, Row } from './row.ts';
import { scalar } from './scalar.ts';
import { duckType, type Column, type TableSchema } from './schema.ts';

export interface WrittenRows {
  readonly temporary: string;
  readonly file: DataFile;
}

/** Rows that may be made one at a time, as they are asked for. */
interface Rows extends Iterable<Row> {
  readonly length: number;
}

/** The row of each of these, none of them made before its turn. */
export function rowsOf<Item>(items: readonly Item[], rowOf: (item: Item) => Row): Rows {
  return {
    length: items.length,
    *[Symbol.iterator]() {
      for (const item of items) yield rowOf(item);
    },
  };
}

/** Writes a small table whole into one Parquet file under `directory`; null for no rows. The name says what is in it. */
export async function writeRows(
  connection: DuckDBConnection,
  schema: TableSchema,
  rows: Rows,
  directory: string,
): Promise<WrittenRows | null> {
  if (rows.length === 0) return null;
  const staged = await stageRows(connection, schema, rows);
  return await copyRows(connection, schema, staged, directory);
}

/**
 * As `writeRows` of all rows in the order of the first column, which tells them apart, would write them, from a file that holds the others:
 * those need not cross into the engine.
 */
export async function writeChangedRows(
  connection: DuckDBConnection,
  schema: TableSchema,
  { file, rows }: { readonly file: string; readonly rows: Rows },
  directory: string,
): Promise<WrittenRows> {
  const staged = await stageRows(connection, schema, rows);
  const [key = ''] = schema.columns.map(({ name }) => identifier(name));
  const names = schema.columns.map(({ name }) => identifier(name)).join(', ');
  const all = `from (
    select ${names} from ${parquet([file])} where ${key} not in (select ${key} from small_rows)
    union all ${staged}) order by ${key}`;
  return await copyRows(connection, schema, all, directory);
}

/** Puts the rows into a table of this connection; returns the SELECT that gives them back. */
async function stageRows(connection: DuckDBConnection, schema: TableSchema, rows: Rows): Promise<string> {
  const columns = schema.columns.map(
    ({ name, type }) => `${identifier(name)} ${type === 'timestamp' ? 'BIGINT' : duckType(type)}`,
  );
  await connection.run(`create or replace temp table small_rows (${columns.join(', ')})`);
  const appender = await connection.createAppender('small_rows');
  for (const row of rows) {
    for (const [index, column] of schema.columns.entries()) append(appender, column, row[index] ?? null);
    appender.endRow();
  }
  appender.closeSync();
  const values = schema.columns.map(({ name, type }) =>
    type === 'timestamp'
      ? `make_timestamp(${identifier(name)}) at time zone 'UTC' as ${identifier(name)}`
      : identifier(name),
  );
  return `select ${values.join(', ')} from small_rows`;
}

async function copyRows(
  connection: DuckDBConnection,
  schema: TableSchema,
  rows: string,
  directory: string,
): Promise<WrittenRows> {
  const temporary = path.join(directory, `${schema.name}.parquet`);
  const copy = `copy (${rows}) to ${literal(temporary)} (format parquet, compression zstd)`;
  const records = await writeWithDuck(temporary, async () => await scalar(connection, copy));
  const bytes = await fs.readFile(temporary);
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return {
    temporary,
    file: { path: `${name}.parquet`, sizeBytes: bytes.length, records, partition: {}, tags: {} },
  };
}

/** The rows of a small table, in the order of their first columns. */
export async function readRows(
  connection: DuckDBConnection,
  schema: TableSchema,
  files: readonly string[],
): Promise<readonly Row[]> {
  if (files.length === 0) return [];
  const values = schema.columns.map(({ name, type }) =>
    type === 'timestamp' ? `epoch_us(${identifier(name)})` : identifier(name),
  );
  const reader = await connection.runAndReadAll(`select ${values.join(', ')} from ${parquet(files)} order by all`);
  return reader.getRowsJS().map((row) => row.map(cell));
}

function cell(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`Expected a text, a number or bytes from DuckDB, got ${typeof value}`);
}

function append(appender: DuckDBAppender, column: Column, value: Cell): void {
  if (value === null) appender.appendNull();
  else if (typeof value === 'string') appender.appendVarchar(value);
  else if (value instanceof Uint8Array) appender.appendBlob(value);
  else if (column.type === 'integer') appender.appendInteger(Number(value));
  else if (column.type === 'double') appender.appendDouble(Number(value));
  else appender.appendBigInt(BigInt(value));
}
