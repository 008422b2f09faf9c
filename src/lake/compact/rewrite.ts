import path from 'node:path';
import { SeshError } from '../../core/errors.ts';
import type { RawFile } from '../archive.ts';
import { parquet, identifier, literal, type WorkDuck } from '../duck.ts';
import { numberOf, textOf } from '../duck-value.ts';
import { removeFile, writeWithDuck } from '../files.ts';
import { tables } from '../schema.ts';

/**
 * In the same order, level 12 leaves 0.10 of generated transcripts and 0.15 of collected ones (level 3: 0.18 and 0.17; 9: 0.15 and 0.15) for
 * 25 s of a processor a gigabyte. From 13 on zstd takes three times as long for nothing, at 15 ten times for a seventh less of the generated.
 */
const LEVEL = 12;
const DENSE_COMPRESSION = `compression zstd, compression_level ${LEVEL}, dictionary_size_limit 1`;
const HELD_COMPRESSION = 'compression uncompressed, dictionary_size_limit 1';

/** What the log says of a file that was written anew. */
export const DENSE_TAG = 'zstd';
export const BYTES_TAG = 'bytes';

export interface Rewrite {
  readonly duck: WorkDuck;
  /** For what is being written. */
  readonly directory: string;
  /** Bytes of transcripts that are held at a time, and that lie in one row group: who reads a source decompresses so much. */
  readonly rowGroupBytes: number;
  /** By source: see `archiveOrder`. */
  readonly order: ReadonlyMap<string, number>;
}

/** Writes the rows of the files into one, the chunks of a source one after the other. SeshError when a row differs. */
export async function writeDense(rewrite: Rewrite, files: readonly string[]): Promise<RawFile> {
  const { duck, directory } = rewrite;
  const parts = await cutIntoParts(rewrite, files);
  const held: string[] = [];
  for (const [index, part] of parts.entries()) {
    const file = path.join(directory, `part-${index}.parquet`);
    await copy(duck, rowsOf(files, part, index), file, HELD_COMPRESSION);
    held.push(file);
  }
  const file = path.join(directory, 'dense.parquet');
  // Each part stays a row group of its own.
  await copy(duck, `from ${parquet(held)}`, file, `${DENSE_COMPRESSION}, row_group_size 1`);
  for (const part of held) await removeFile(part);
  const [records, rows] = await fingerprint(duck, [file]);
  const [recordsBefore, rowsBefore] = await fingerprint(duck, files);
  if (records !== recordsBefore || rows !== rowsBefore) {
    throw new SeshError('The archive written anew is not what it was; nothing of it was kept.', {
      hint: 'This is a bug in sesh, or the memory or the disk of this machine fails.',
    });
  }
  const bytes = parts.reduce((total, part) => total + part.bytes, 0);
  return {
    file,
    records,
    lowestCluster: Math.min(...parts.map(({ lowest }) => lowest)),
    highestCluster: Math.max(...parts.map(({ highest }) => highest)),
    tags: { [DENSE_TAG]: String(LEVEL), [BYTES_TAG]: String(bytes) },
  };
}

interface Part {
  readonly lowest: number;
  readonly highest: number;
  readonly bytes: number;
}

interface Chunk {
  readonly cluster: number;
  readonly source: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Says in the table `parts` which chunk comes where in which part. A chunk that lies in two files keeps both its rows, in one place. */
async function cutIntoParts(
  { duck, rowGroupBytes, order }: Rewrite,
  files: readonly string[],
): Promise<readonly Part[]> {
  const { connection } = duck;
  await connection.run(
    'create or replace table parts (source_id varchar, byte_offset bigint, part integer, place integer)',
  );
  const appender = await connection.createAppender('parts');
  const parts: Part[] = [];
  for (const [place, { cluster, source, offset, bytes }] of (await chunksIn(duck, files, order)).entries()) {
    const last = parts.at(-1);
    const fits = last !== undefined && last.bytes + bytes <= rowGroupBytes;
    const part = fits ? last : { lowest: cluster, highest: cluster, bytes: 0 };
    const lowest = Math.min(part.lowest, cluster);
    const highest = Math.max(part.highest, cluster);
    parts[fits ? parts.length - 1 : parts.length] = { lowest, highest, bytes: part.bytes + bytes };
    appender.appendVarchar(source);
    appender.appendBigInt(BigInt(offset));
    appender.appendInteger(parts.length - 1);
    appender.appendInteger(place);
    appender.endRow();
  }
  appender.closeSync();
  return parts;
}

/** In their order; of a source that nobody knows any more, by the session's hash behind all others. */
async function chunksIn(
  { connection }: WorkDuck,
  files: readonly string[],
  order: ReadonlyMap<string, number>,
): Promise<readonly Chunk[]> {
  const reader = await connection.runAndReadAll(`
    select cluster, source_id, byte_offset, sum(length_bytes)::bigint from ${parquet(files)} group by all order by all`);
  const chunks = reader.getRowsJS().map(([cluster, source, offset, length]): Chunk => ({
    cluster: numberOf(cluster),
    source: textOf(source),
    offset: numberOf(offset),
    bytes: numberOf(length),
  }));
  const rankOf = ({ source }: Chunk): number => order.get(source) ?? order.size;
  return chunks.sort((a, b) => rankOf(a) - rankOf(b));
}

const columns = tables.raw.columns.map(({ name }) => `r.${identifier(name)}`).join(', ');

/** The bounds spare the reading of what lies elsewhere. */
function rowsOf(files: readonly string[], { lowest, highest }: Part, index: number): string {
  return `
    select ${columns} from ${parquet(files)} r join (from parts where part = ${index}) using (source_id, byte_offset)
    where r.cluster between ${lowest} and ${highest} order by place`;
}

async function copy({ connection }: WorkDuck, rows: string, file: string, options: string): Promise<void> {
  const statement = `copy (${rows}) to ${literal(file)} (format parquet, ${options})`;
  await writeWithDuck(file, async () => await connection.run(statement));
}

async function fingerprint({ connection }: WorkDuck, files: readonly string[]): Promise<readonly [number, string]> {
  const reader = await connection.runAndReadAll(
    `select count(*), sum(hash(t)::hugeint)::varchar from ${parquet(files)} t`,
  );
  const [count, sum] = reader.getRowsJS()[0] ?? [];
  return [numberOf(count), textOf(sum)];
}
