import type { DuckDBConnection } from '@duckdb/node-api';
import { numberOf } from './duck-value.ts';

/** The number that is the whole answer. */
export async function scalar(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(sql);
  return numberOf(reader.getRowsJS()[0]?.[0] ?? 0);
}
