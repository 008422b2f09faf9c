import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceId } from '../core/ids.ts';
import { damagedFiles, faultOf } from './damaged.ts';
import { adoptFile } from './files.ts';
import { commit, readSnapshot, type Snapshot } from './log.ts';
import type { Row } from './row.ts';
import { readRows, rowsOf, writeChangedRows, writeRows, type WrittenRows } from './rows.ts';
import { tables, type TableName } from './schema.ts';
import { toRow, type SourceState } from './sources.ts';
import { writeSourcesCache } from './sources-cache.ts';
import type { Store } from './store.ts';

interface Rewrite {
  readonly store: Store;
  readonly connection: DuckDBConnection;
  /** The run's folder in the store's tmp. */
  readonly directory: string;
  readonly now: Date;
  /** Everything is derived again: files that are damaged give way. */
  readonly full: boolean;
}

/** What the table `sources` gets. */
interface NewSources {
  readonly all: readonly SourceState[];
  /** Those that are not as they were in this version of the table; null when that is not known. */
  readonly changed: { readonly since: number; readonly sources: readonly SourceState[] } | null;
}

/** Writes the table `sources` whole, and its copy that needs no DuckDB. */
export async function writeSources(
  rewrite: Rewrite,
  { all, changed }: NewSources,
  note: Readonly<Record<string, string>>,
): Promise<void> {
  const sorted = [...all].sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1));
  const { connection, directory, store, full } = rewrite;
  const write = async (before: Snapshot): Promise<WrittenRows | null> => {
    const [old, ...others] = before.files;
    if (old !== undefined && others.length === 0 && changed !== null && changed.since === before.version && !full) {
      const file = path.join(store.tablePath('sources'), old.path);
      const rows = rowsOf(changed.sources, toRow);
      if (rows.length > 0 && (await faultOf(file, old)) === null)
        return await writeChangedRows(connection, tables.sources, { file, rows }, directory);
    }
    return await writeRows(connection, tables.sources, rowsOf(sorted, toRow), directory);
  };
  const snapshot = await rewriteTable(rewrite, 'sources', write, note);
  await writeSourcesCache(store, snapshot, sorted);
}

/** A span that could not be read: the columns of the table `quarantine` without the source. */
export interface QuarantineRow {
  readonly sourceId: SourceId;
  readonly line: number;
  readonly offset: number;
  readonly lengthBytes: number;
  readonly reason: string;
  readonly head: Uint8Array;
}

/** Puts the spans of the sources that were derived again in place of what the table held of them. */
export async function replaceQuarantine(
  rewrite: Rewrite,
  derivedAgain: ReadonlySet<SourceId>,
  spans: readonly QuarantineRow[],
): Promise<void> {
  const directory = rewrite.store.tablePath('quarantine');
  const before = await readSnapshot(directory);
  const damaged = rewrite.full ? await damagedFiles(directory, before.files) : new Set();
  const sound = before.files.filter((file) => !damaged.has(file.path));
  const files = sound.map((file) => path.join(directory, file.path));
  const old = await readRows(rewrite.connection, tables.quarantine, files);
  const again = new Set<string>(derivedAgain);
  const kept = old.filter(([source]) => !again.has(String(source)));
  const fresh = spans.map((span): Row => [
    span.sourceId,
    span.line,
    span.offset,
    span.lengthBytes,
    span.reason,
    span.head,
  ]);
  if (fresh.length === 0 && kept.length === old.length && damaged.size === 0 && before.version >= 0) return;
  const rows = [...kept, ...fresh].sort(
    (a, b) => (String(a[0]) < String(b[0]) ? -1 : Number(String(a[0]) > String(b[0]))) || Number(a[2]) - Number(b[2]),
  );
  const { connection, directory: drafts } = rewrite;
  await rewriteTable(
    rewrite,
    'quarantine',
    async () => await writeRows(connection, tables.quarantine, rows, drafts),
    {},
  );
}

/** No new version when the rows are the same and there is nothing to note. */
async function rewriteTable(
  rewrite: Rewrite,
  table: TableName,
  write: (before: Snapshot) => Promise<WrittenRows | null>,
  note: Readonly<Record<string, string>>,
): Promise<Snapshot> {
  const directory = rewrite.store.tablePath(table);
  const before = await readSnapshot(directory);
  const written = await write(before);
  const old = before.files.map((file) => file.path);
  const same = written === null ? old.length === 0 : old.length === 1 && old[0] === written.file.path;
  if (same && before.version >= 0 && !rewrite.full) return before;
  if (written !== null) await adoptFile(written.temporary, path.join(directory, written.file.path));
  if (same && before.version >= 0) return before;
  const add = written === null ? [] : [written.file];
  return await commit(directory, tables[table], before, { add, remove: old, note }, rewrite.now);
}
