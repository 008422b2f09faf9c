import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { readSourceId, type SourceId } from '../core/ids.ts';
import { WantedIds } from './contents-ids.ts';
import { EventContents, idsIn } from './contents.ts';
import { parquet } from './duck.ts';
import { textOf } from './duck-value.ts';
import type { DataFile, Snapshot } from './log.ts';
import { scalar } from './scalar.ts';

/** More ids than this are not held: then every file is looked into, which is little beside the reading of so many events. */
const MOST_IDS = 1_000_000;

/** Sources in the published table that share an event with the staged ones. */
export async function overlappingSources(
  connection: DuckDBConnection,
  tableDirectory: string,
  snapshot: Snapshot,
  stageFiles: readonly string[],
): Promise<readonly SourceId[]> {
  if (snapshot.files.length === 0 || stageFiles.length === 0) return [];
  const suspected = await filesSharingIds(connection, tableDirectory, snapshot.files, stageFiles);
  if (suspected.length === 0) return [];
  const published = suspected.map((file) => path.join(tableDirectory, file.path));
  const reader = await connection.runAndReadAll(`
    select distinct source_id from ${parquet(published)}
    where event_id in (select event_id from ${parquet(stageFiles)}) order by 1`);
  return reader.getRowsJS().map(([source]) => readSourceId(textOf(source)));
}

/** The files that hold an event with the same beginning of its id; nearly always that is the same event. */
async function filesSharingIds(
  connection: DuckDBConnection,
  tableDirectory: string,
  files: readonly DataFile[],
  stageFiles: readonly string[],
): Promise<readonly DataFile[]> {
  const stage = parquet(stageFiles);
  if ((await scalar(connection, `select count(*) from ${stage}`)) > MOST_IDS) return files;
  const staged = new WantedIds(await idsIn(connection, stage));
  const contents = new EventContents(connection, tableDirectory);
  const suspected: DataFile[] = [];
  for (const file of files) if (staged.areAnyIn(await contents.idsOf(file))) suspected.push(file);
  return suspected;
}
