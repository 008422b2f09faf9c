import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { DEFAULT_MEMORY_BYTES } from '../../src/core/memory.ts';
import { everything, type Window } from '../../src/core/window.ts';
import { sync } from '../../src/ingest/sync.ts';
import type { SyncSummary } from '../../src/ingest/summary.ts';
import { damagedFiles } from '../../src/lake/damaged.ts';
import { readSnapshot } from '../../src/lake/log.ts';

interface SyncCall {
  readonly store: string;
  readonly roots: readonly string[];
  readonly window?: Window;
  readonly dryRun?: boolean;
  readonly full?: boolean;
  readonly recheck?: boolean;
  readonly memoryBytes?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** ISO instant of the run; default 2026-02-11T16:00Z. */
  readonly now?: string;
  /** Hears of each stage as it begins: a test may change the machine meanwhile. */
  readonly onStage?: (stage: string) => void;
}

/** A sync as the program runs it, with a clock of its own. */
export async function syncStore(call: SyncCall): Promise<SyncSummary> {
  const now = Date.parse(call.now ?? '2026-02-11T16:00:00Z') * 1000;
  return await sync(
    {
      storeDir: call.store,
      roots: call.roots,
      agents: [],
      window: call.window ?? everything,
      dryRun: call.dryRun ?? false,
      full: call.full ?? false,
      recheck: call.recheck ?? false,
      memoryBytes: call.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    },
    {
      now: () => now,
      env: call.env ?? {},
      home: '/nonexistent',
      platform: 'linux',
      progress: { stage: call.onStage ?? (() => undefined), total: () => undefined, advance: () => undefined },
    },
  );
}

/** Rows of the published events, read with a DuckDB of the test's own. */
export async function eventRows(store: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const directory = join(store, 'events');
  const { files } = await readSnapshot(directory);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  const paths = files.map(({ path }) => `'${join(directory, path)}'`);
  await connection.run(`create view events as from read_parquet([${paths.join()}], hive_partitioning = false)`);
  const reader = await connection.runAndReadAll(sql);
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

/** The files of the published events: their names hold the hash of their bytes, so equal lists are equal bytes. */
export async function eventFiles(store: string): Promise<readonly string[]> {
  const { files } = await readSnapshot(join(store, 'events'));
  return files.map(({ path }) => path);
}

/** As `eventFiles`, and every one of them is there as it was written. */
export async function soundEventFiles(store: string): Promise<readonly string[]> {
  const directory = join(store, 'events');
  const { files } = await readSnapshot(directory);
  const damaged = await damagedFiles(directory, files);
  if (damaged.size > 0) throw new Error(`Damaged: ${[...damaged].join()}`);
  return files.map(({ path }) => path);
}

/** Every file below the folder with the hash of its bytes. */
export function treeHashes(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    names.map((name) => [name.slice(folder.length + 1), createHash('sha256').update(readFileSync(name)).digest('hex')]),
  );
}
