import { onTestFinished, test, expect } from 'vitest';
import { WorkDuck } from '../../src/lake/duck.ts';
import { textOf } from '../../src/lake/duck-value.ts';
import { findSharedIds } from '../../src/lake/shared-ids.ts';

const MB = 1024 * 1024;

async function duckWith(rows: string): Promise<WorkDuck> {
  const duck = await WorkDuck.open({ threads: 1, memoryBytes: 64 * MB, folder: null, spillDirectory: null });
  onTestFinished(() => duck.close());
  await duck.connection.run(`create table staged as ${rows}`);
  return duck;
}

async function found({ connection }: WorkDuck, rowsPerPass?: number): Promise<readonly string[] | null> {
  if (!(await findSharedIds(connection, 'staged', rowsPerPass))) return null;
  const reader = await connection.runAndReadAll('select event_id from shared_ids order by 1');
  return reader.getRowsJS().map(([id]) => textOf(id));
}

test.each([1, 7, 100, 1_000_000])(
  'ids of several rows are found whatever is compared at a time: %i rows',
  async (rows) => {
    const duck = await duckWith(`
    select md5(range::varchar) as event_id from range(200)
    union all select md5((10 * range)::varchar) from range(5)
    union all select md5((20 * range)::varchar) from range(2)`);
    const reader = await duck.connection.runAndReadAll('select md5((10 * range)::varchar) from range(5) order by 1');
    expect(await found(duck, rows)).toEqual(reader.getRowsJS().map(([id]) => textOf(id)));
  },
);

test('ids that only one row has are none', async () => {
  expect(await found(await duckWith('select md5(range::varchar) as event_id from range(200)'))).toBeNull();
});
