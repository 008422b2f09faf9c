import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RawFile } from './archive.ts';
import type { Adoption } from './files.ts';
import type { DataFile, Snapshot } from './log.ts';

/** Where a staged archive file goes, and how the log will name it. */
export async function placeRawFile(
  raw: RawFile,
  tableDirectory: string,
): Promise<{ readonly adoption: Adoption; readonly file: DataFile }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(raw.file), hash);
  const file: DataFile = {
    path: `${hash.digest('hex').slice(0, 32)}.parquet`,
    sizeBytes: (await fs.stat(raw.file)).size,
    records: raw.records,
    partition: {},
    stats: { min: { cluster: raw.lowestCluster }, max: { cluster: raw.highestCluster } },
    tags: raw.tags ?? {},
  };
  return { adoption: { from: raw.file, to: path.join(tableDirectory, file.path) }, file };
}

/** The archive files that may hold chunks of sources with these cluster hashes. */
export function rawFilesFor(
  snapshot: Snapshot,
  tableDirectory: string,
  clusters: readonly number[],
): readonly string[] {
  return snapshot.files
    .filter(({ stats }) => {
      const lowest = Number(stats?.min['cluster'] ?? Number.NEGATIVE_INFINITY);
      const highest = Number(stats?.max['cluster'] ?? Number.POSITIVE_INFINITY);
      return clusters.some((cluster) => cluster >= lowest && cluster <= highest);
    })
    .map((file) => path.join(tableDirectory, file.path));
}
