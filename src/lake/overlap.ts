import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { readSourceId, type SourceId } from '../core/ids.ts';
import { fileList } from './duck.ts';
import { textOf } from './duck-value.ts';
import type { Snapshot } from './log.ts';

/** Sources in the published table that share an event with the staged ones. */
export async function overlappingSources(
  connection: DuckDBConnection,
  tableDirectory: string,
  snapshot: Snapshot,
  stageFiles: readonly string[],
): Promise<readonly SourceId[]> {
  if (snapshot.files.length === 0 || stageFiles.length === 0) return [];
  const published = snapshot.files.map((file) => path.join(tableDirectory, file.path));
  const reader = await connection.runAndReadAll(`
    select distinct source_id from read_parquet(${fileList(published)}, hive_partitioning = false)
    where event_id in (select event_id from read_parquet(${fileList(stageFiles)})) order by 1`);
  return reader.getRowsJS().map(([source]) => readSourceId(textOf(source)));
}
