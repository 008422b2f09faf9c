import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceId } from '../core/ids.ts';
import { EventContents } from './contents.ts';
import { deduplicate, type Deduplication, type Reprice } from './dedupe.ts';
import { parquet, type WorkDuck } from './duck.ts';
import { numberOf, textOf } from './duck-value.ts';
import { adoptFiles, type Adoption } from './files.ts';
import { planBuckets, type Bucket, type PublishedFile, type StagedRows } from './buckets.ts';
import { bucketOf, HISTOGRAM_SHIFT } from './layout.ts';
import { columnsLacking } from './evolution.ts';
import type { DataFile, Snapshot } from './log.ts';
import { NO_MONTH, publishedPart, stagedPart } from './parts.ts';
import { SameRows } from './same-rows.ts';
import { scalar } from './scalar.ts';
import { tables } from './schema.ts';
import { writeSortedFile } from './sorted-file.ts';

export interface MergeInput {
  readonly duck: WorkDuck;
  readonly tableDirectory: string;
  readonly snapshot: Snapshot;
  readonly stageFiles: readonly string[];
  /** Every source whose events are derived anew: their published rows give way to the staged ones. */
  readonly derivedAgain: readonly SourceId[];
  /** The run's folder in the store's tmp. */
  readonly directory: string;
  readonly reprice: Reprice;
  /** How many bucket files are written side by side, each by a thread of its own. */
  readonly writers: number;
  /** Files of the table that cannot be read: everything in them is derived again. */
  readonly damaged: ReadonlySet<string>;
}

export interface Merge {
  readonly add: readonly DataFile[];
  readonly remove: readonly string[];
  /** Staged rows that were kept. */
  readonly kept: number;
  readonly duplicates: number;
  /** Sessions with at least one staged row that was kept. */
  readonly sessions: number;
  readonly sharing: Deduplication['sharing'];
}

/**
 * Puts the staged events in place of what the table holds of their sources: rewrites the bucket files that change, byte for byte the
 * same files as a table made from nothing would have. The files are durable when this returns; nothing names them yet.
 */
export async function mergeEvents(input: MergeInput): Promise<Merge> {
  const { connection } = input.duck;
  await bindSources(connection, input.derivedAgain);
  const unique = await deduplicate(connection, input.stageFiles, input.reprice);
  const staged = await stagedRows(connection, input.stageFiles, unique);
  const published = await publishedFiles(input);
  const lacking = columnsLacking(tables.events, input.snapshot);
  const buckets = planBuckets(staged, published, lacking.size > 0);
  const written = await writeBuckets(input, unique, buckets);
  return {
    ...changes(published, buckets, written),
    ...totals(staged),
    duplicates: unique.duplicates,
    sessions: await keptSessions(connection, input.stageFiles, unique),
    sharing: unique.sharing,
  };
}

async function bindSources(connection: DuckDBConnection, sources: readonly SourceId[]): Promise<void> {
  await connection.run('create or replace table derived_again (source_id varchar)');
  const appender = await connection.createAppender('derived_again');
  for (const source of sources) {
    appender.appendVarchar(source);
    appender.endRow();
  }
  appender.closeSync();
}

async function stagedRows(
  connection: DuckDBConnection,
  files: readonly string[],
  unique: Deduplication,
): Promise<readonly StagedRows[]> {
  if (files.length === 0) return [];
  const winners = unique.duplicates > 0 ? 'anti join losers using (source_id, seq)' : '';
  const reader = await connection.runAndReadAll(`
    select filename, coalesce(strftime(ts, '%Y-%m'), '${NO_MONTH}') as month, cluster >> ${HISTOGRAM_SHIFT} as step, count(*)
    from ${parquet(files, 'filename = true')} s ${winners}
    group by all order by all`);
  return reader.getRowsJS().map(([file, month, step, rows]) => ({
    file: textOf(file),
    month: textOf(month),
    step: numberOf(step),
    rows: numberOf(rows),
  }));
}

async function keptSessions(
  connection: DuckDBConnection,
  files: readonly string[],
  unique: Deduplication,
): Promise<number> {
  if (files.length === 0) return 0;
  const winners = unique.duplicates > 0 ? 'anti join losers using (source_id, seq)' : '';
  return await scalar(connection, `select count(distinct (agent, session_id)) from ${parquet(files)} s ${winners}`);
}

async function publishedFiles(input: MergeInput): Promise<readonly PublishedFile[]> {
  const { files } = input.snapshot;
  if (files.length === 0) return [];
  const contents = new EventContents(input.duck.connection, input.tableDirectory);
  const again = new Set<string>(input.derivedAgain);
  const published: PublishedFile[] = [];
  for (const file of files) {
    const outdated = input.damaged.has(file.path) ? file.records : await contents.rowsOf(file, again);
    published.push({ file, month: file.partition['month'] ?? NO_MONTH, ...bucketOf(file), outdated });
  }
  return published;
}

interface WrittenBucket {
  readonly bucket: Bucket;
  /** Null when no row is left in the bucket. */
  readonly file: DataFile | null;
}

async function writeBuckets(
  input: MergeInput,
  unique: Deduplication,
  buckets: readonly Bucket[],
): Promise<readonly WrittenBucket[]> {
  const sameRows = await SameRows.among(buckets, input, unique);
  const written: WrittenBucket[] = [];
  const adoptions: Adoption[] = [];
  // The largest first, so that no writer is left alone with it at the end.
  const queue = [...buckets.entries()].sort(([, a], [, b]) => rowsIn(b) - rowsIn(a));
  const work = async (): Promise<void> => {
    const connection = await input.duck.connect();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, bucket] = next;
      const same = await sameRows.fileOf(connection, bucket);
      if (same !== null) {
        written.push({ bucket, file: same });
        continue;
      }
      const temporary = path.join(input.directory, `events-${index}.parquet`);
      const records = await writeBucket(connection, input, unique, bucket, temporary);
      if (records === 0) {
        written.push({ bucket, file: null });
        continue;
      }
      const bytes = await fs.readFile(temporary);
      const file = dataFile(bucket, records, bytes);
      written.push({ bucket, file });
      await new EventContents(connection, input.tableDirectory).make(file, temporary, await sameRows.digestsOf(bucket));
      adoptions.push({ from: temporary, to: path.join(input.tableDirectory, file.path) });
    }
    connection.closeSync();
  };
  await Promise.all(Array.from({ length: Math.min(input.writers, buckets.length) }, work));
  await adoptFiles(adoptions);
  return written;
}

function rowsIn({ publishedFiles }: Bucket): number {
  return publishedFiles.reduce((total, { file }) => total + file.records, 0);
}

function dataFile(bucket: Bucket, records: number, bytes: Buffer): DataFile {
  const digits = String(bucket.buckets - 1).length;
  const name = `b${String(bucket.bucket).padStart(digits, '0')}of${bucket.buckets}`;
  return {
    path: `month=${bucket.month}/${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.parquet`,
    sizeBytes: bytes.length,
    records,
    partition: { month: bucket.month },
    tags: { bucket: `${bucket.bucket}/${bucket.buckets}` },
  };
}

async function writeBucket(
  connection: DuckDBConnection,
  input: MergeInput,
  unique: Deduplication,
  bucket: Bucket,
  temporary: string,
): Promise<number> {
  const inputs: string[] = [];
  if (bucket.stageFiles.length > 0) inputs.push(stagedPart(bucket.stageFiles, unique, bucket));
  const published = bucket.publishedFiles.filter(({ file }) => !input.damaged.has(file.path));
  if (published.length > 0) inputs.push(publishedPart(bucket, published, input, 'not in'));
  if (inputs.length === 0) return 0;
  return await writeSortedFile(connection, inputs.join(' union all '), temporary, input.duck.memoryBytes);
}

function changes(
  published: readonly PublishedFile[],
  buckets: readonly Bucket[],
  written: readonly WrittenBucket[],
): Pick<Merge, 'add' | 'remove'> {
  const replaced = new Set(buckets.flatMap((bucket) => bucket.publishedFiles.map(({ file }) => file.path)));
  const made = written.flatMap(({ file }) => (file === null ? [] : [file]));
  const kept = new Set(made.map((file) => file.path).filter((file) => replaced.has(file)));
  return {
    add: made.filter((file) => !kept.has(file.path)).sort((a, b) => (a.path < b.path ? -1 : 1)),
    remove: published.map(({ file }) => file.path).filter((file) => replaced.has(file) && !kept.has(file)),
  };
}

function totals(staged: readonly StagedRows[]): Pick<Merge, 'kept'> {
  return { kept: staged.reduce((total, { rows }) => total + rows, 0) };
}
