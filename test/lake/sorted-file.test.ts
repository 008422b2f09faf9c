import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WorkDuck } from '../../src/lake/duck.ts';
import { writeSortedFile } from '../../src/lake/sorted-file.ts';
import { scratch } from './helpers/scratch.ts';

const MIB = 1024 ** 2;
const ROWS = 9000;
/** Texts of 100 MB together, in another order than they are to be written in. */
const rows = `
  select 'claude-code' as agent, 's' || (i % 7) as session_id, timestamptz '2026-01-01 00:00:00+00' + interval (i % 50) second as ts,
    'source' || (i % 3) as source_id, ${ROWS} - i as seq, i || repeat('0123456789abcdef', 750) as text,
    null::varchar as command, null::varchar as input
  from range(${ROWS}) t(i)`;

async function written(memoryBytes: number): Promise<Buffer> {
  const folder = scratch();
  const duck = await WorkDuck.open({ threads: 1, memoryBytes, folder, spillDirectory: folder });
  try {
    const file = join(folder, 'events.parquet');
    expect(await writeSortedFile(duck.connection, rows, file, memoryBytes)).toBe(ROWS);
    return readFileSync(file);
  } finally {
    duck.close();
  }
}

test('texts that are larger than the memory of the engine are sorted in slices, into the same bytes', async () => {
  const [most, least] = [await written(1024 * MIB), await written(180 * MIB)];
  expect(least.equals(most)).toBe(true);
});
