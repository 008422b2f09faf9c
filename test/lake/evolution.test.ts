import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { everything } from '../../src/core/window.ts';
import { commit, readSnapshot, type DataFile } from '../../src/lake/log.ts';
import { tables } from '../../src/lake/schema.ts';
import { settingsOf } from '../../src/commands/settings.ts';
import { withViews } from '../../src/commands/views.ts';
import { turn, writeLines, sessionNumber } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, syncStore } from '../helpers/store.ts';

const newer = new Set(['usage_grain', 'response_count']);

/** Puts an events table in place of the store's own, as a version of the program wrote it that did not know some columns. */
async function makeOld(store: string): Promise<void> {
  const directory = join(store, 'events');
  const old = join(store, 'old');
  const { files } = await readSnapshot(directory);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const add: DataFile[] = [];
  for (const file of files) {
    const temporary = join(store, 'tmp', 'old.parquet');
    await connection.run(
      `copy (select * exclude (${[...newer].join()}) from read_parquet('${join(directory, file.path)}', hive_partitioning = false))
       to '${temporary}' (format parquet)`,
    );
    const bytes = readFileSync(temporary);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    const path = file.path.replace(/[0-9a-f]{32}\.parquet$/, `${hash}.parquet`);
    mkdirSync(dirname(join(old, path)), { recursive: true });
    renameSync(temporary, join(old, path));
    add.push({ ...file, path, sizeBytes: bytes.length });
  }
  connection.closeSync();
  instance.closeSync();
  rmSync(directory, { recursive: true });
  renameSync(old, directory);
  const schema = { ...tables.events, columns: tables.events.columns.filter(({ name }) => !newer.has(name)) };
  await commit(directory, schema, await readSnapshot(directory), { add, remove: [], note: {} }, new Date(0));
}

test('a store that an older version wrote is read, its missing columns being null, and written anew by the next derivation (F68)', async () => {
  const root = scratch();
  const [store, fresh, transcripts] = [join(root, 'store'), join(root, 'fresh'), join(root, 'projects')];
  for (const n of [1, 2]) {
    const session = sessionNumber(n);
    writeLines(join(transcripts, '-home-ann-shop', `${session}.jsonl`), turn(session, n));
  }
  await syncStore({ store, roots: [transcripts] });
  await syncStore({ store: fresh, roots: [transcripts] });
  await makeOld(store);
  const rows = await withViews({ storeDir: store, settings: settingsOf(everything, 'UTC') }, async ({ query }) => {
    const { rows: found } = await query(
      "select usage_grain, response_count, output_tokens::int from events where kind = 'usage' order by 3",
    );
    return found;
  });
  expect(rows).toEqual([
    [null, null, 1],
    [null, null, 2],
  ]);
  await syncStore({ store, roots: [transcripts], full: true });
  expect(await eventFiles(store)).toEqual(await eventFiles(fresh));
});
