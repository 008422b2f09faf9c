import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceId } from '../core/ids.ts';
import { damagedFiles } from './damaged.ts';
import { adoptFile } from './files.ts';
import { commit, readSnapshot, type Snapshot } from './log.ts';
import type { Row } from './row.ts';
import { readRows, writeRows } from './rows.ts';
import { tables, type TableName } from './schema.ts';
import { toRow, writeSourcesCache, type SourceState } from './sources.ts';
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

/** Writes the table `sources` whole, and its copy that needs no DuckDB. */
export async function writeSources(
  rewrite: Rewrite,
  sources: readonly SourceState[],
  note: Readonly<Record<string, string>>,
): Promise<void> {
  const sorted = [...sources].sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1));
  const snapshot = await rewriteTable(rewrite, 'sources', sorted.map(toRow), note);
  await writeSourcesCache(rewrite.store, snapshot, sorted);
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
  await rewriteTable(rewrite, 'quarantine', rows, {});
}

/** No new version when the rows are the same and there is nothing to note. */
async function rewriteTable(
  rewrite: Rewrite,
  table: TableName,
  rows: readonly Row[],
  note: Readonly<Record<string, string>>,
): Promise<Snapshot> {
  const directory = rewrite.store.tablePath(table);
  const before = await readSnapshot(directory);
  const written = await writeRows(rewrite.connection, tables[table], rows, rewrite.directory);
  const old = before.files.map((file) => file.path);
  const same = written === null ? old.length === 0 : old.length === 1 && old[0] === written.file.path;
  if (same && before.version >= 0 && !rewrite.full) return before;
  if (written !== null) await adoptFile(written.temporary, path.join(directory, written.file.path));
  if (same && before.version >= 0) return before;
  const add = written === null ? [] : [written.file];
  return await commit(directory, tables[table], before, { add, remove: old, note }, rewrite.now);
}
