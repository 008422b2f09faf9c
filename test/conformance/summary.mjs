import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readSnapshot } from '../../dist/modules/lake/log.js';
import { duckType, tables } from '../../dist/modules/lake/schema.js';
import { openStore } from '../../dist/modules/lake/store.js';

/** What our log reader and DuckDB see of each table: check.py computes the same from what `deltalake` sees. */
export async function summarise(directory) {
  const store = await openStore(directory, { create: false });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`set TimeZone = 'UTC'`);
  const summaries = [];
  for (const { name } of Object.values(tables)) {
    const table = store.tablePath(name);
    if (existsSync(table)) summaries.push(await summariseTable(connection, name, table));
  }
  connection.closeSync();
  instance.closeSync();
  return summaries;
}

async function summariseTable(connection, name, table) {
  const { version, files, properties, metadata } = await readSnapshot(table);
  const fields = JSON.parse(metadata.schemaString).fields;
  const summary = {
    name,
    table,
    version,
    fields,
    partitionColumns: metadata.partitionColumns,
    note: properties,
    files: files.map(({ path }) => path),
    records: files.reduce((sum, { records }) => sum + records, 0),
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
  if (files.length === 0) return { ...summary, rows: 0, rowHash: '0', columns: {} };
  await connection.run(
    `create or replace temp table files as select * from (values ${fileValues(table, files, metadata)}) t(filename, partition)`,
  );
  const paths = files.map(({ path }) => quote(join(table, path).replaceAll(/[[*?]/g, '[$&]')));
  await connection.run(
    `create or replace temp view data as select * from read_parquet([${paths.join(', ')}], filename = true, union_by_name = true, hive_partitioning = false) join files using (filename)`,
  );
  const stored = new Map(
    (await rows(connection, 'describe data')).map(({ column_name, column_type }) => [column_name, column_type]),
  );
  const columns = fields.map((field) => column(field, stored, metadata));
  const [totals] = await rows(
    connection,
    `select count(*)::varchar as rows, ${hashSum(rowText(columns))} as row_hash, ${columns.map(checks).join(', ')} from data`,
  );
  return {
    ...summary,
    rows: Number(totals.rows),
    rowHash: totals.row_hash,
    columns: Object.fromEntries(
      fields.map((field, index) => [
        field.name,
        { count: Number(totals[`count_${index}`]), check: totals[`check_${index}`] },
      ]),
    ),
  };
}

async function rows(connection, sql) {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

function fileValues(table, files, metadata) {
  const partition = metadata.partitionColumns[0];
  return files
    .map(
      (file) =>
        `(${quote(join(table, file.path))}, ${partition === undefined ? 'null' : quote(file.partition[partition])})`,
    )
    .join(', ');
}

function quote(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column of Delta's schema as SQL: out of the file, out of the log for a partition, null where older files lack it. */
function column(field, stored, metadata) {
  if (metadata.partitionColumns.includes(field.name)) return { ...field, sql: `nullif(partition, '')` };
  const type = stored.get(field.name);
  if (type === undefined) return { ...field, sql: 'null' };
  if (type !== duckType(field.type))
    throw new Error(`${field.name} is ${type} in the files and ${field.type} in the log`);
  return { ...field, sql: `"${field.name}"` };
}

function checks({ type, sql }, index) {
  return `count(${sql}) as count_${index}, ${check(type, sql)} as check_${index}`;
}

/** Sums that do not depend on the order of rows. Doubles: their bounds, since their sum would. */
function check(type, sql) {
  switch (type) {
    case 'string':
    case 'binary':
      return hashSum(sql);
    case 'timestamp':
      return `coalesce(sum(epoch_us(${sql})), 0)::varchar`;
    case 'double':
      return `[min(${sql}), max(${sql})]::varchar[]`;
    default:
      return `coalesce(sum(${sql}::hugeint), 0)::varchar`;
  }
}

function hashSum(sql) {
  return `coalesce(sum(('0x' || md5(${sql})[1:8])::bigint), 0)::varchar`;
}

/** The row as one text, so that values which changed rows would show. */
function rowText(columns) {
  const texts = columns
    .filter(({ type }) => type !== 'double')
    .map(({ type, sql }) => `coalesce(${valueText(type, sql)}, chr(30))`);
  return `concat_ws(chr(31), ${texts.join(', ')})`;
}

function valueText(type, sql) {
  if (type === 'timestamp') return `epoch_us(${sql})::varchar`;
  if (type === 'binary') return `md5(${sql})`;
  return type === 'boolean' ? `${sql}::integer::varchar` : `${sql}::varchar`;
}
