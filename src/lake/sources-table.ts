import path from 'node:path';
import { WorkDuck } from './duck.ts';
import type { Snapshot } from './log.ts';
import { readRows } from './rows.ts';
import { tables } from './schema.ts';
import { fromRow, type SourceState } from './sources.ts';
import type { Store } from './store.ts';

const MEMORY_BYTES = 256 * 1024 * 1024;

/** Reads the table `sources` itself, for when there is no copy that needs no DuckDB. */
export async function readSourcesTable(store: Store, snapshot: Snapshot): Promise<readonly SourceState[]> {
  const duck = await WorkDuck.open({
    threads: 1,
    memoryBytes: MEMORY_BYTES,
    folder: store.directory,
    spillDirectory: null,
  });
  try {
    const files = snapshot.files.map((file) => path.join(store.tablePath('sources'), file.path));
    const rows = await readRows(duck.connection, tables.sources, files);
    return rows.map(fromRow);
  } finally {
    duck.close();
  }
}
