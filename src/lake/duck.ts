import { createRequire } from 'node:module';
import type * as DuckDB from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBInstance as Instance } from '@duckdb/node-api';

// The package is 60 CommonJS files. An `import` of them reads each twice, which was a quarter of what a look-up takes.
const duckdb: typeof DuckDB = createRequire(import.meta.url)('@duckdb/node-api');

export const {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} = duckdb;

export interface WorkOptions {
  readonly threads: number;
  readonly memoryBytes: number;
  /** Where DuckDB may spill: inside the store's tmp for the owner of the lock, nowhere (null) for everybody else. */
  readonly spillDirectory: string | null;
}

/** A DuckDB for making Parquet files: in memory, no extensions, no network, never pointed at a source file. */
export class WorkDuck {
  readonly connection: DuckDBConnection;
  readonly #instance: Instance;

  private constructor(instance: Instance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  static async open(options: WorkOptions): Promise<WorkDuck> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads),
      memory_limit: `${Math.floor(options.memoryBytes / 1_048_576)}MiB`,
      temp_directory: options.spillDirectory ?? '',
      max_temp_directory_size: '64GB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_unsigned_extensions: 'false',
      preserve_insertion_order: 'true',
    });
    const connection = await instance.connect();
    await connection.run("set TimeZone = 'UTC'");
    return new WorkDuck(instance, connection);
  }

  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run("set TimeZone = 'UTC'");
    return connection;
  }

  close(): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A text as a SQL literal. For paths inside the store and constants only: values of transcripts are bound or appended. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function literalList(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
