import type { Snapshot } from './log.ts';
import type { SourceState } from './sources.ts';
import { readSourcesCache } from './sources-cache.ts';
import type { Store } from './store.ts';

/** The table at this version; DuckDB is only loaded when the copy that needs none is missing or old. */
export async function readSources(store: Store, snapshot: Snapshot): Promise<readonly SourceState[]> {
  if (snapshot.version < 0) return [];
  const cached = await readSourcesCache(store, snapshot);
  if (cached !== null) return cached;
  const { readSourcesTable } = await import('./sources-table.ts');
  return await readSourcesTable(store, snapshot);
}
