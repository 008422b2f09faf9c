import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../core/errors.ts';
import { parquet, literal } from './duck.ts';
import { numberOf } from './duck-value.ts';
import { writeWithDuck } from './files.ts';
import { scalar } from './scalar.ts';

/** Source and place in it tell all rows apart, so every order of the input gives the same file. */
const ORDER = 'agent, session_id, ts nulls first, source_id, seq';
/**
 * The writer holds a group's rows until they are compressed. Measured: 1.3 % more bytes than one group a file. Bloom filters are as many
 * bytes again, and no question is answered sooner with them.
 */
const FORMAT = 'format parquet, compression zstd, compression_level 3, row_group_size 4096, write_bloom_filter false';
/** Rows of a vector: files of whole vectors, one after the other, are cut into groups as one file is. */
const VECTOR_ROWS = 2048;

/**
 * Writes the rows of a SELECT over columns of `events`, sorted, into a Parquet file. The engine cannot sort texts that are larger
 * than its memory together; then they are sorted in slices, which gives the same bytes. Returns how many rows there are.
 */
export async function writeSortedFile(
  connection: DuckDBConnection,
  rows: string,
  to: string,
  memoryBytes: number,
): Promise<number> {
  try {
    return await copy(connection, `from (${rows}) order by ${ORDER}`, to, FORMAT);
  } catch (error) {
    if (!messageOf(error).includes('Out of Memory')) throw error;
    return await writeInSlices(connection, rows, to, memoryBytes);
  }
}

async function copy(connection: DuckDBConnection, rows: string, to: string, format: string): Promise<number> {
  return await writeWithDuck(to, async () => await scalar(connection, `copy (${rows}) to ${literal(to)} (${format})`));
}

async function writeInSlices(
  connection: DuckDBConnection,
  rows: string,
  to: string,
  memoryBytes: number,
): Promise<number> {
  const size = await placeRows(connection, rows);
  const sliceRows = rowsOfSlice(size, memoryBytes);
  const slices: string[] = [];
  for (let from = 0; from < size.rows; from += sliceRows) {
    const slice = path.join(path.dirname(to), `${path.basename(to, '.parquet')}-slice-${slices.length}.parquet`);
    const inSlice = `select r.* from (${rows}) r
      join (from places where place >= ${from} and place < ${from + sliceRows}) p on p.source_id = r.source_id and p.seq = r.seq
      order by p.place`;
    await copy(connection, inSlice, slice, `format parquet, compression uncompressed, row_group_size ${VECTOR_ROWS}`);
    slices.push(slice);
  }
  await connection.run('drop table places');
  return await copy(connection, `from ${parquet(slices)}`, to, FORMAT);
}

interface Size {
  readonly rows: number;
  readonly bytes: number;
}

/** Where each row comes, in a table `places` of this connection; texts are only measured. */
async function placeRows(connection: DuckDBConnection, rows: string): Promise<Size> {
  await connection.run(`
    create or replace temp table places as
    select source_id, seq, bytes, row_number() over (order by ${ORDER}) - 1 as place
    from (
      select agent, session_id, ts, source_id, seq,
        coalesce(strlen(text), 0) + coalesce(strlen(command), 0) + coalesce(strlen(input), 0) as bytes
      from (${rows})
    )`);
  const reader = await connection.runAndReadAll('select count(*), coalesce(sum(bytes), 0)::double from places');
  const [count, bytes] = reader.getRowsJS()[0] ?? [];
  return { rows: numberOf(count), bytes: numberOf(bytes) };
}

/** An eighth of the memory: sorting takes the texts twice, and other files are written beside this one. */
function rowsOfSlice({ rows, bytes }: Size, memoryBytes: number): number {
  const average = bytes / Math.max(1, rows) + 1;
  return Math.max(1, Math.floor(memoryBytes / 8 / average / VECTOR_ROWS)) * VECTOR_ROWS;
}
