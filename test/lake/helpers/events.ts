import { hash } from 'node:crypto';
import { join } from 'node:path';
import { adoptFile, makeDirectory, writeFileDurably } from '../../../src/lake/files.ts';
import { acquireLock } from '../../../src/lake/lock.ts';
import { commit, readSnapshot, type DataFile } from '../../../src/lake/log.ts';
import type { TableSchema } from '../../../src/lake/schema.ts';
import { openStore } from '../../../src/lake/store.ts';

/** Small enough to write its Delta form by hand. */
export const schema: TableSchema = {
  name: 'events',
  partitionBy: ['month'],
  columns: [
    { name: 'event_id', type: 'string', about: 'identity' },
    { name: 'ts', type: 'timestamp', about: 'time, UTC' },
  ],
};

export const NOW = new Date('2026-03-01T12:00:00.000Z');

/** A file as the log describes it; nothing of that name need exist. */
export function dataFile(label: string, month = '2026-01', records = 1): DataFile {
  return {
    path: `month=${month}/${hash('sha256', label, 'hex').slice(0, 32)}.parquet`,
    sizeBytes: 100 + label.length,
    records,
    partition: { month },
    tags: {},
  };
}

export function paths(files: readonly DataFile[]): readonly string[] {
  return files.map(({ path }) => path);
}

/** A small run, start to end: takes the lock, writes the file `added`, makes the version that has it and has `removed` no more. */
export async function publish(directory: string, added: string, removed: string): Promise<void> {
  const store = await openStore(directory, { create: true });
  const lock = await acquireLock(store, 'test', { waitS: 0, now: () => NOW });
  try {
    const table = store.tablePath('events');
    const snapshot = await readSnapshot(table);
    const file = dataFile(added);
    if (!paths(snapshot.files).includes(file.path)) {
      const draft = join(store.tmp, 'run', 'draft.parquet');
      await makeDirectory(join(store.tmp, 'run'));
      await writeFileDurably(draft, added);
      await adoptFile(draft, join(table, file.path));
      const remove = paths(snapshot.files).filter((path) => path === dataFile(removed).path);
      await commit(table, schema, snapshot, { add: [file], remove, note: { label: added } }, NOW);
    }
  } finally {
    await lock.release();
  }
}
