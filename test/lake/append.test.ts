import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendRows, type NamedRow } from '../../src/lake/append.ts';
import { WorkDuck } from '../../src/lake/duck.ts';
import { acquireLock } from '../../src/lake/lock.ts';
import { readSnapshot } from '../../src/lake/log.ts';
import { readRows } from '../../src/lake/rows.ts';
import { tables } from '../../src/lake/schema.ts';
import { openStore, type Store } from '../../src/lake/store.ts';
import { scratch } from '../helpers/scratch.ts';

const now = new Date('2026-11-21T10:00:00Z');
const identity = ['key', 'session_id'];
const row = (key: string, session = 's1', score = 4): NamedRow => ({ key, session_id: session, score });

async function add(store: Store, rows: readonly NamedRow[]): Promise<number> {
  const lock = await acquireLock(store, 'judge', { waitS: 0 });
  try {
    return await appendRows(store, { table: 'verdicts', identity, rows, now });
  } finally {
    await lock.release();
  }
}

async function keysIn(store: Store): Promise<{ readonly files: number; readonly keys: readonly string[] }> {
  const directory = store.tablePath('verdicts');
  const { files } = await readSnapshot(directory);
  const duck = await WorkDuck.open({
    threads: 1,
    memoryBytes: 64 * 1024 * 1024,
    folder: directory,
    spillDirectory: null,
  });
  try {
    const paths = files.map(({ path }) => join(directory, path));
    const rows = await readRows(duck.connection, tables.verdicts, paths);
    return { files: files.length, keys: rows.map(([key, , session]) => `${String(key)} ${String(session)}`).sort() };
  } finally {
    duck.close();
  }
}

test('rows that the table has already are left out, whatever else they say', async () => {
  const store = await openStore(join(scratch(), 'store'), { create: true });
  expect(await add(store, [row('a'), row('b'), row('a')])).toBe(2);
  expect(await add(store, [row('a', 's1', 2), row('a', 's2'), row('c')])).toBe(2);
  expect(await add(store, [row('c')])).toBe(0);
  expect(await add(store, [])).toBe(0);
  expect(await keysIn(store)).toEqual({ files: 2, keys: ['a s1', 'a s2', 'b s1', 'c s1'] });
});

test('the files of many runs become one', async () => {
  const store = await openStore(join(scratch(), 'store'), { create: true });
  for (let n = 1; n <= 33; n += 1) await add(store, [row(`key${n}`)]);
  const found = await keysIn(store);
  expect([found.files, found.keys.length]).toEqual([1, 33]);
});

test('only the owner of the lock may add, and only columns of the table', async () => {
  const store = await openStore(join(scratch(), 'store'), { create: true });
  await expect(appendRows(store, { table: 'verdicts', identity, rows: [row('a')], now })).rejects.toThrow(
    /hold the lock/,
  );
  await expect(add(store, [{ ...row('a'), colour: 'red' }])).rejects.toThrow(/columns of verdicts, got colour/);
});
