import { createHash, type Hash } from 'node:crypto';
import type { DuckDBAppender } from '@duckdb/node-api';
import { messageOf, SeshError } from '../core/errors.ts';
import { readSourceId, type SourceId } from '../core/ids.ts';
import { parquet, identifier, literal, type WorkDuck } from './duck.ts';
import { numberOf, textOf } from './duck-value.ts';
import { writeWithDuck } from './files.ts';
import { duckType, tables } from './schema.ts';

/** zstd level of the archive: level 1 took as long and left 14 % more bytes (measured on generated transcripts). */
export const RAW_COMPRESSION = 'compression zstd, compression_level 3, dictionary_size_limit 1';

/** What an appender holds until it gives its rows to the table. */
const HELD_BYTES = 2 * 1024 * 1024;

/** Hashes a source's chunks on their way: each chunk, and the whole. */
export class ContentHash {
  readonly #whole: Hash = createHash('sha256');
  #bytes = 0;

  /** Returns the SHA-256 of this chunk alone, hex. */
  add(chunk: Buffer): string {
    const first = this.#bytes === 0;
    this.#whole.update(chunk);
    this.#bytes += chunk.length;
    // Most sources are one chunk: its hash is the whole's, and bytes are hashed once.
    return first ? this.#whole.copy().digest('hex') : sha256(chunk);
  }

  get bytes(): number {
    return this.#bytes;
  }

  digest(): string {
    return this.#whole.digest('hex');
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** New chunks of sources on their way into one Parquet file of `raw`. */
export class RawStage {
  readonly #duck: WorkDuck;
  #appender: DuckDBAppender | null = null;
  #rows = 0;
  /** Bytes of the chunks that the appender holds. */
  #held = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  constructor(duck: WorkDuck) {
    this.#duck = duck;
  }

  async begin(): Promise<void> {
    const columns = tables.raw.columns.map(({ name, type }) => `${identifier(name)} ${duckType(type)}`);
    await this.#duck.connection.run(`create or replace table raw_stage (${columns.join(', ')})`);
    this.#appender = await this.#duck.connection.createAppender('raw_stage');
    this.#rows = 0;
    this.#held = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
  }

  add(source: SourceId, cluster: number, offset: number, sha: string, chunk: Buffer): void {
    const appender = this.#appender;
    if (appender === null) throw new TypeError('Expected begin() before add()');
    appender.appendVarchar(source);
    appender.appendBigInt(BigInt(cluster));
    appender.appendBigInt(BigInt(offset));
    appender.appendBigInt(BigInt(chunk.length));
    appender.appendVarchar(sha);
    appender.appendBlob(chunk);
    appender.endRow();
    this.#rows += 1;
    this.#held += chunk.length;
    if (this.#held >= HELD_BYTES) {
      appender.flushSync();
      this.#held = 0;
    }
    this.#lowest = Math.min(this.#lowest, cluster);
    this.#highest = Math.max(this.#highest, cluster);
  }

  /** Writes the chunks since `begin`; null when there were none. */
  async write(file: string): Promise<RawFile | null> {
    this.#appender?.closeSync();
    this.#appender = null;
    if (this.#rows > 0) {
      const { connection } = this.#duck;
      await writeWithDuck(
        file,
        async () => await connection.run(`copy raw_stage to ${literal(file)} (format parquet, ${RAW_COMPRESSION})`),
      );
    }
    await this.#duck.connection.run('drop table raw_stage');
    return this.#rows === 0
      ? null
      : { file, records: this.#rows, lowestCluster: this.#lowest, highestCluster: this.#highest };
  }
}

export interface RawFile {
  readonly file: string;
  readonly records: number;
  readonly lowestCluster: number;
  readonly highestCluster: number;
  /** Notes for the log. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RawChunk {
  readonly offset: number;
  readonly sha256: string;
  readonly data: Buffer;
}

/**
 * The archived chunks of one source, in order, `files` being the Parquet files of `raw` that may hold some. SeshError when one of
 * those that hold its chunks cannot be read.
 */
export async function* readArchived(
  duck: WorkDuck,
  files: readonly string[],
  source: SourceId,
): AsyncGenerator<RawChunk> {
  try {
    yield* readChunks(duck, files, source);
  } catch (error) {
    throw unreadable(error);
  }
}

/** The archived chunks of several sources, found in one pass over the files. SeshError when one of the files cannot be read. */
export async function readArchivedTogether(
  duck: WorkDuck,
  files: readonly string[],
  sources: readonly SourceId[],
): Promise<ReadonlyMap<SourceId, readonly RawChunk[]>> {
  const chunks = new Map<SourceId, RawChunk[]>(sources.map((source) => [source, []]));
  if (files.length === 0) return chunks;
  try {
    // A run that was cut short may have left a chunk in two files.
    const reader = await duck.connection.runAndReadAll(`
      select source_id, byte_offset, first(sha256), first(data) from ${parquet(files)}
      where source_id in (${sources.map(literal).join(', ')}) group by 1, 2 order by 1, 2`);
    for (const [source, place, hash, data] of reader.getRowsJS()) {
      chunks
        .get(readSourceId(textOf(source)))
        ?.push({ offset: numberOf(place), sha256: textOf(hash), data: bytesOf(data) });
    }
  } catch (error) {
    throw unreadable(error);
  }
  return chunks;
}

function unreadable(error: unknown): SeshError {
  return new SeshError(`The archived bytes cannot be read: ${messageOf(error)}`, {
    hint: 'Run `sesh doctor` to see which file of the store is damaged, and put that back from a backup.',
    cause: error,
  });
}

function bytesOf(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError('Expected bytes in the archive');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

async function* readChunks(duck: WorkDuck, files: readonly string[], source: SourceId): AsyncGenerator<RawChunk> {
  if (files.length === 0) return;
  const places = await duck.connection.runAndReadAll(
    `select byte_offset, any_value(sha256) from ${parquet(files)} where source_id = $1 group by 1 order by 1`,
    [source],
  );
  for (const [place, hash] of places.getRowsJS()) {
    const offset = numberOf(place);
    const reader = await duck.connection.runAndReadAll(
      `select data from ${parquet(files)} where source_id = $1 and byte_offset = $2 limit 1`,
      [source, BigInt(offset)],
    );
    yield { offset, sha256: textOf(hash), data: bytesOf(reader.getRowsJS()[0]?.[0]) };
  }
}
