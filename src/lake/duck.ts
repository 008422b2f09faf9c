import { DuckDBInstance, version, type DuckDBConnection } from '@duckdb/node-api';
import { engineSettings } from './engine-settings.ts';

export {
  DOUBLE,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';

export function engineVersion(): string {
  return version();
}

export interface WorkOptions {
  readonly threads: number;
  readonly memoryBytes: number;
  /** The only folder of this machine that it may read and write: the store's; null for none. */
  readonly folder: string | null;
  /** Where DuckDB may spill: inside the store's tmp for the owner of the lock, nowhere (null) for everybody else. */
  readonly spillDirectory: string | null;
}

export interface SmallWork {
  /** The store's. */
  readonly folder: string;
  /** None unless it is given. */
  readonly spillDirectory?: string;
  readonly memoryBytes?: number;
}

const SMALL_WORK_BYTES = 256 * 1024 * 1024;

/** A DuckDB for making Parquet files: in memory, no extensions, no network, and nothing outside of the store's folder. */
export class WorkDuck {
  readonly connection: DuckDBConnection;
  readonly memoryBytes: number;
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, memoryBytes: number) {
    this.#instance = instance;
    this.connection = connection;
    this.memoryBytes = memoryBytes;
  }

  static async open(options: WorkOptions): Promise<WorkDuck> {
    const instance = await DuckDBInstance.create(':memory:', {
      ...engineSettings,
      threads: String(options.threads),
      memory_limit: `${Math.floor(options.memoryBytes / 1_048_576)}MiB`,
      temp_directory: options.spillDirectory ?? '',
      max_temp_directory_size: '64GB',
      preserve_insertion_order: 'true',
    });
    const connection = await instance.connect();
    try {
      await connection.run(workCage(options.folder));
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      throw error;
    }
    return new WorkDuck(instance, connection, options.memoryBytes);
  }

  /** Opens one of one thread for one piece of work in a store, and closes it when that is done. */
  static async use<Result>(work: SmallWork, use: (duck: WorkDuck) => Promise<Result>): Promise<Result> {
    const { folder, spillDirectory = null, memoryBytes = SMALL_WORK_BYTES } = work;
    const duck = await WorkDuck.open({ threads: 1, memoryBytes, folder, spillDirectory });
    try {
      return await use(duck);
    } finally {
      duck.close();
    }
  }

  async connect(): Promise<DuckDBConnection> {
    return await this.#instance.connect();
  }

  close(): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

/** Order matters: the folder must be named before access is turned off, and the lock comes last. */
function workCage(folder: string | null): string {
  return [
    // For connections that are opened later, too: they may not set anything any more.
    "set global TimeZone = 'UTC';",
    'set allow_persistent_secrets = false;',
    `set allowed_directories = ${literalList(folder === null ? [] : bothForms(folder))};`,
    'set enable_external_access = false;',
    'set lock_configuration = true;',
  ].join('\n');
}

/** A text as a SQL literal. For paths inside the store and constants only: values of transcripts are bound or appended. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function literalList(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

/**
 * The rows of Parquet files, as a table of SQL. No folder on the way to a file is a column, though it be called `agent=x`: the engine would
 * take that for the value in all rows. In a path `[`, `*` and `?` would be a pattern, by which other files are read.
 */
export function parquet(paths: readonly string[], option?: 'filename = true'): string {
  const options = option === undefined ? '' : `, ${option}`;
  return `read_parquet(${literalList(paths.map(withoutPattern))}, hive_partitioning = false${options})`;
}

/** A path as it is and as `parquet` writes it: the engine compares what it may open with both. */
export function bothForms(path: string): readonly string[] {
  return [...new Set([path, withoutPattern(path)])];
}

function withoutPattern(path: string): string {
  return path.replaceAll(/[[*?]/g, '[$&]');
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
