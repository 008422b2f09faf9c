import path from 'node:path';
import type { SourceId } from '../../core/ids.ts';
import { RAW_COMPRESSION, type RawFile } from '../archive.ts';
import { parquet, literal, type WorkDuck } from '../duck.ts';
import { numberOf } from '../duck-value.ts';
import { adoptFiles, writeWithDuck } from '../files.ts';
import type { DataFile, Snapshot } from '../log.ts';
import { placeRawFile } from '../raw-files.ts';

interface Rewritten {
  readonly rewritten: readonly RawFile[];
  /** Files of the table that held something of the sources. */
  readonly remove: readonly string[];
}

/** The files of the archive that hold chunks of the sources, written again without those chunks. */
export async function rawWithout(
  duck: WorkDuck,
  tableDirectory: string,
  snapshot: Snapshot,
  sources: readonly SourceId[],
  directory: string,
): Promise<Rewritten> {
  await duck.connection.run('create or replace table forgotten (source_id varchar)');
  const appender = await duck.connection.createAppender('forgotten');
  for (const source of sources) {
    appender.appendVarchar(source);
    appender.endRow();
  }
  appender.closeSync();
  const rewritten: RawFile[] = [];
  const remove: string[] = [];
  for (const [index, { path: name }] of snapshot.files.entries()) {
    // A folder of the store may be called `a=b`, which is no column.
    const from = parquet([path.join(tableDirectory, name)]);
    const reader = await duck.connection.runAndReadAll(`
      select count(*) filter (where gone), count(*) filter (where not gone),
        coalesce(min(cluster) filter (where not gone), 0), coalesce(max(cluster) filter (where not gone), 0)
      from (select cluster, source_id in (from forgotten) as gone from ${from})`);
    const [gone = 0, records = 0, lowestCluster = 0, highestCluster = 0] = (reader.getRowsJS()[0] ?? []).map(numberOf);
    if (gone === 0) continue;
    remove.push(name);
    if (records === 0) continue;
    const file = path.join(directory, `raw-${index}.parquet`);
    // As many row groups as the file had: one at a time is held.
    const kept = `from ${from} where source_id not in (from forgotten)`;
    const copy = `copy (${kept}) to ${literal(file)} (format parquet, ${RAW_COMPRESSION}, row_group_size 1)`;
    await writeWithDuck(file, async () => await duck.connection.run(copy));
    rewritten.push({ file, records, lowestCluster, highestCluster });
  }
  return { rewritten, remove };
}

export async function placeRewritten(files: readonly RawFile[], tableDirectory: string): Promise<readonly DataFile[]> {
  const placed = await Promise.all(files.map(async (file) => await placeRawFile(file, tableDirectory)));
  if (placed.length > 0) await adoptFiles(placed.map(({ adoption }) => adoption));
  return placed.map(({ file }) => file);
}
