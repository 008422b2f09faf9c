import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { adoptFile } from '../../dist/modules/lake/files.js';
import { commit, readSnapshot } from '../../dist/modules/lake/log.js';
import { tables } from '../../dist/modules/lake/schema.js';
import { openStore } from '../../dist/modules/lake/store.js';

const COMMITS = 23; // two checkpoints, and commits after the last
const ROWS = 50;
/** This commit writes a file anew. */
const REWRITING = 13;

/** A value of the type that differs from row `i` to row `i`, null in every seventh row. */
const values = {
  string: `'ä "quoted" \\ ' || chr(10) || i`,
  long: 'i * 4000000000',
  integer: '(i % 1000)::integer',
  double: 'i / 3',
  timestamp: `make_timestamp(1772366400000000 + i) at time zone 'UTC'`,
  binary: `('bytes ' || i)::blob`,
  boolean: 'i % 2 = 0',
};

/** Tables `events` (partitioned) and `raw` (bytes) with added, removed and returned files, a commit that changes nothing, and one that only
 * writes rows anew. */
export async function makeStore(directory) {
  const store = await openStore(directory, { create: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`set TimeZone = 'UTC'`);
  for (const schema of [tables.events, tables.raw]) {
    const table = store.tablePath(schema.name);
    for (let version = 0; version < COMMITS; version += 1) {
      const snapshot = await readSnapshot(table);
      if (version === REWRITING) {
        const [{ path: old, tags }] = snapshot.files;
        const add = [await writeFile(connection, store, schema, Number(tags.version), 'zstd, compression_level 12')];
        await commit(table, schema, snapshot, { add, remove: [old], note: {}, sameRows: true }, dateOf(version));
        continue;
      }
      const add = version === 5 ? [] : [await writeFile(connection, store, schema, version)];
      const remove = version % 3 === 2 && version !== 5 ? [snapshot.files[0].path] : [];
      await commit(table, schema, snapshot, { add, remove, note: { version: `${version}` } }, dateOf(version));
    }
  }
  connection.closeSync();
  instance.closeSync();
  return directory;
}

function dateOf(version) {
  return new Date(1772366400000 + version);
}

async function writeFile(connection, store, schema, version, compression = 'zstd') {
  const draft = join(store.tmp, 'draft.parquet');
  const columns = schema.columns.map(({ name, type }) => `case when i % 7 <> 0 then ${values[type]} end as "${name}"`);
  const first = version * ROWS;
  await connection.run(
    `copy (select ${columns.join(', ')} from range(${first}, ${first + ROWS}) as t(i)) to '${draft}' (format parquet, compression ${compression})`,
  );
  const bytes = readFileSync(draft);
  const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.parquet`;
  const partition =
    schema.partitionBy.length === 0 ? {} : { month: version % 4 === 0 ? 'unknown' : `2026-0${(version % 4) + 1}` };
  const path = schema.partitionBy.length === 0 ? name : `month=${partition.month}/${name}`;
  await adoptFile(draft, join(store.tablePath(schema.name), path));
  const stats = { min: { [longColumn(schema)]: first }, max: { [longColumn(schema)]: (first + ROWS) * 4_000_000_000 } };
  return { path, sizeBytes: bytes.length, records: ROWS, partition, stats, tags: { version: `${version}` } };
}

function longColumn(schema) {
  return schema.columns.find(({ type }) => type === 'long').name;
}
