import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readSourceId } from '../../../src/core/ids.ts';
import { RawStage, sha256 } from '../../../src/lake/archive.ts';
import { compactArchive, type Compacted } from '../../../src/lake/compact/compact.ts';
import { WorkDuck } from '../../../src/lake/duck.ts';
import { adoptFiles } from '../../../src/lake/files.ts';
import { acquireLock } from '../../../src/lake/lock.ts';
import { commit, readSnapshot } from '../../../src/lake/log.ts';
import { placeRawFile } from '../../../src/lake/raw-files.ts';
import { tables } from '../../../src/lake/schema.ts';
import { openStore, type Store } from '../../../src/lake/store.ts';

export interface Chunk {
  readonly source: number;
  readonly offset: number;
  readonly text: string;
}

const BIRTH_MS = Date.parse('2026-03-01T00:00:00Z');

/** A store whose archive got one file a day, each with these chunks. */
export async function archiveOf(directory: string, days: readonly (readonly Chunk[])[]): Promise<Store> {
  const store = await openStore(directory, { create: true });
  const table = store.tablePath('raw');
  mkdirSync(join(store.tmp, 'made'), { recursive: true });
  await WorkDuck.use({ folder: store.directory }, async (duck) => {
    const stage = new RawStage(duck);
    for (const [day, chunks] of days.entries()) {
      await stage.begin();
      for (const { source, offset, text } of chunks) {
        const bytes = Buffer.from(text);
        const id = readSourceId(String(source).padStart(16, '0'));
        stage.add(id, (source * 2_654_435_761) % 2 ** 32, offset, sha256(bytes), bytes);
      }
      const raw = await stage.write(join(store.tmp, 'made', `${day}.parquet`));
      if (raw === null) continue;
      const { adoption, file } = await placeRawFile(raw, table);
      await adoptFiles([adoption]);
      const at = new Date(BIRTH_MS + day * 86_400_000);
      await commit(table, tables.raw, await readSnapshot(table), { add: [file], remove: [], note: {} }, at);
    }
  });
  return store;
}

/** As many days as make it worth while: each source grows every day. */
export function daysOf(count: number, sources: number): readonly (readonly Chunk[])[] {
  return Array.from({ length: count }, (_, day) =>
    Array.from({ length: sources }, (_, source) => ({
      source,
      offset: 100 * day,
      text: `day ${day} of ${source} `.repeat(9),
    })),
  );
}

export async function compact(directory: string, mayGoOn: () => boolean = () => true): Promise<Compacted> {
  const store = await openStore(directory, { create: false });
  const lock = await acquireLock(store, 'vacuum', { waitS: 0 });
  try {
    const now = new Date(BIRTH_MS + 400 * 86_400_000);
    return await compactArchive(store, { now, memoryBytes: 512 * 1024 * 1024, mayGoOn, advance: () => {} });
  } finally {
    await lock.release();
  }
}

/** Every row of these files of the archive, as the test's own engine reads it. */
export async function rowsIn(
  directory: string,
  files: readonly string[],
  order = 'source_id, byte_offset',
): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const paths = files.map(
    (name) => `'${join(directory, 'raw', name).replaceAll("'", "''").replaceAll(/[[*?]/g, '[$&]')}'`,
  );
  const reader = await connection.runAndReadAll(
    `select * replace (md5(data) as data) from read_parquet([${paths.join()}], hive_partitioning = false) order by ${order}`,
  );
  const rows = reader.getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

export async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readSnapshot(join(directory, 'raw'))).files.map((file) => file.path);
}
