import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { acquireLock } from '../../src/lake/lock.ts';
import { commit, readSnapshot } from '../../src/lake/log.ts';
import { readState } from '../../src/lake/log/snapshot.ts';
import { openStore, type Store } from '../../src/lake/store.ts';
import { vacuum, type Vacuumed } from '../../src/lake/vacuum.ts';
import { dataFile, schema } from './helpers/events.ts';
import { bytesOf, scratch } from './helpers/scratch.ts';

const BIRTH_MS = Date.parse('2026-03-01T00:00:00Z');
const DAY_MS = 24 * 3600 * 1000;

function day(number: number): Date {
  return new Date(BIRTH_MS + number * DAY_MS);
}

function pathOf(label: number | string): string {
  return dataFile(String(label)).path;
}

/** A table that is replaced whole each day: version n, made on day n, has only the file n. */
async function daily(days: number): Promise<Store> {
  const store = await openStore(join(scratch(), 'store'), { create: true });
  const table = store.tablePath('events');
  for (let version = 0; version < days; version += 1) {
    const snapshot = await readSnapshot(table);
    const remove = snapshot.files.map(({ path }) => path);
    put(store, String(version), day(version));
    await commit(table, schema, snapshot, { add: [dataFile(`${version}`)], remove, note: {} }, day(version));
  }
  return store;
}

function put(store: Store, label: string, at: Date): void {
  const path = join(store.tablePath('events'), pathOf(label));
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, 'x'.repeat(100 + label.length));
  utimesSync(path, at, at);
}

async function clean(store: Store, retainDays: number, now: Date, dryRun = false): Promise<readonly Vacuumed[]> {
  const lock = await acquireLock(store, 'vacuum', { waitS: 0 });
  try {
    return await vacuum(store, { retainDays, now, dryRun });
  } finally {
    await lock.release();
  }
}

function dataLeft(store: Store): readonly string[] {
  return readdirSync(join(store.tablePath('events'), 'month=2026-01')).sort();
}

function names(labels: readonly (number | string)[]): readonly string[] {
  return labels.map((label) => pathOf(label).replace('month=2026-01/', '')).sort();
}

describe('data files', () => {
  test('stay while a version that was the newest within the retention names them (F23)', async () => {
    const store = await daily(8);
    // On day 7.5, two days back is day 5.5: version 5 was still the newest then.
    const removed = await clean(store, 2, day(7.5));
    expect(dataLeft(store)).toEqual(names([5, 6, 7]));
    expect(removed.map(({ path }) => path).sort()).toEqual(
      [0, 1, 2, 3, 4].map((label) => `events/${pathOf(label)}`).sort(),
    );
    expect(removed.every(({ sizeBytes }) => sizeBytes === 101)).toBe(true);
  });

  test('of the last three versions stay even when nothing is to be retained', async () => {
    const store = await daily(8);
    await clean(store, 0, day(400));
    expect(dataLeft(store)).toEqual(names([5, 6, 7]));
    for (const version of [5, 6, 7]) {
      expect([...(await readState(store.tablePath('events'), version)).files.keys()]).toEqual([pathOf(version)]);
    }
  });

  test('all stay within the retention', async () => {
    const store = await daily(8);
    expect(await clean(store, 30, day(8))).toEqual([]);
    expect(dataLeft(store)).toEqual(names([0, 1, 2, 3, 4, 5, 6, 7]));
  });

  test('that no version ever named stay for the retention, since they may be the only copy', async () => {
    const store = await daily(4);
    put(store, 'old orphan', day(1));
    put(store, 'young orphan', day(9));
    await clean(store, 5, day(10));
    expect(dataLeft(store)).toEqual(names([1, 2, 3, 'young orphan']));
  });

  test('that came back stay, whatever was removed before', async () => {
    const store = await daily(4);
    const table = store.tablePath('events');
    const before = await readSnapshot(table);
    await commit(table, schema, before, { add: [dataFile('0')], remove: [], note: {} }, day(4));
    await clean(store, 0, day(400));
    expect(dataLeft(store)).toEqual(names([0, 2, 3]));
  });

  test('of others are never touched (F14)', async () => {
    const store = await daily(4);
    writeFileSync(join(store.tablePath('events'), 'notes.txt'), '');
    utimesSync(join(store.tablePath('events'), 'notes.txt'), day(-400), day(-400));
    await clean(store, 0, day(400));
    expect(existsSync(join(store.tablePath('events'), 'notes.txt'))).toBe(true);
  });
});

describe('the log', () => {
  test('loses what only versions before the retention need, and stays readable from its checkpoint', async () => {
    const store = await daily(25);
    const table = store.tablePath('events');
    const before = await readSnapshot(table);
    await clean(store, 2, day(24.5));
    const commits = [20, 21, 22, 23, 24].map((version) => `${String(version).padStart(20, '0')}.json`);
    expect(readdirSync(join(table, '_delta_log')).sort()).toEqual(
      [...commits, '00000000000000000020.checkpoint.parquet', '_last_checkpoint'].sort(),
    );
    expect(await readSnapshot(table)).toEqual(before);
    expect([...(await readState(table, 22)).files.keys()]).toEqual([pathOf(22)]);
  });

  test('keeps all commits up to the first checkpoint', async () => {
    const store = await daily(8);
    await clean(store, 0, day(400));
    expect(readdirSync(join(store.tablePath('events'), '_delta_log'))).toHaveLength(8);
  });

  test('can be cleaned again, also with a longer retention than the last time', async () => {
    const store = await daily(25);
    await clean(store, 0, day(24.5));
    const after = bytesOf(store.directory);
    expect(await clean(store, 0, day(24.5))).toEqual([]);
    expect(await clean(store, 300, day(24.5))).toEqual([]);
    expect(bytesOf(store.directory)).toEqual(after);
  });
});

test('a dry run says the same and removes nothing, also without the lock', async () => {
  const store = await daily(8);
  mkdirSync(join(store.tmp, 'dead-run'));
  writeFileSync(join(store.tmp, 'dead-run', 'rows'), '12345');
  const before = bytesOf(store.directory);
  const options = { retainDays: 2, now: day(7.5) };
  const told = await vacuum(store, { ...options, dryRun: true });
  expect(bytesOf(store.directory)).toEqual(before);
  expect(told).toContainEqual({ path: 'tmp/dead-run', sizeBytes: 5 });
  expect(await clean(store, 2, day(7.5))).toEqual(told.filter(({ path }) => path !== 'tmp/dead-run'));
  expect(readdirSync(store.tmp)).toEqual([]);
});

test('nothing is removed without the lock', async () => {
  const store = await daily(4);
  await expect(vacuum(store, { retainDays: 0, now: day(400), dryRun: false })).rejects.toThrow('to hold the lock');
  expect(dataLeft(store)).toEqual(names([0, 1, 2, 3]));
});
