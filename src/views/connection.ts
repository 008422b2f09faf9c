import { mkdirSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance as Instance } from '@duckdb/node-api';
import { step } from '../rehearsal/step.ts';
import { bothForms, DuckDBInstance, literal, literalList } from '../lake/duck.ts';
import { engineSettings } from '../lake/engine-settings.ts';

interface EngineOptions {
  readonly memoryBytes: number;
  /** Null: one for each core. */
  readonly threads: number | null;
}

interface CageOptions extends EngineOptions {
  readonly storeDir: string;
  /** The only files that a query can reach. */
  readonly files: readonly string[];
}

interface Cage {
  readonly connection: DuckDBConnection;
  /** One more, of the same cage. */
  readonly connect: () => Promise<DuckDBConnection>;
  readonly close: () => void;
}

/** A DuckDB in memory, not yet in its cage. It starts in a thread of its own, so begin before other work. */
export async function startEngine({ memoryBytes, threads }: EngineOptions): Promise<Instance> {
  return await DuckDBInstance.create(':memory:', {
    ...engineSettings,
    memory_limit: `${Math.floor(memoryBytes / 1_048_576)}MiB`,
    ...(threads === null ? {} : { threads: String(threads) }),
  });
}

/**
 * A DuckDB in memory that can read the given files and nothing else. Order matters: the paths must be named
 * before access is turned off, and the lock comes last.
 */
export async function openCage(options: CageOptions, engine = startEngine(options)): Promise<Cage> {
  const instance = await engine;
  const connection = await instance.connect();
  const opened = [connection];
  const close = (): void => {
    for (const each of opened) each.closeSync();
    instance.closeSync();
  };
  const connect = async (): Promise<DuckDBConnection> => {
    const another = await instance.connect();
    opened.push(another);
    return another;
  };
  try {
    await connection.run(lockDown(options));
  } catch (error) {
    close();
    throw error;
  }
  return { connection, connect, close };
}

function lockDown(options: CageOptions): string {
  return [
    'set allow_persistent_secrets = false;',
    `set temp_directory = ${literal(spillDirectory(options))};`,
    "set max_temp_directory_size = '4GB';",
    // For connections that are opened later, too: they may not set it any more.
    "set global TimeZone = 'UTC';",
    'set preserve_insertion_order = true;',
    // Footers of files are read once, not by each query.
    'set parquet_metadata_cache = true;',
    `set allowed_paths = ${literalList(options.files.flatMap(bothForms))};`,
    'set enable_external_access = false;',
    'set lock_configuration = true;',
  ].join('\n');
}

/** Where large sorts spill; none where there is nothing to read or the store is not ours to write. */
function spillDirectory({ storeDir, files }: CageOptions): string {
  if (files.length === 0) return '';
  const directory = `${storeDir}/tmp/duckdb`;
  try {
    step('spill:before');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  } catch {
    return '';
  }
}
