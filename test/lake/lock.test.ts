import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from '../../src/lake/lock.ts';
import { commit, readSnapshot } from '../../src/lake/log.ts';
import { openStore, type Store } from '../../src/lake/store.ts';
import { ended, startChild } from './helpers/child.ts';
import { compileLake } from './helpers/compiled.ts';
import { dataFile, NOW, schema } from './helpers/events.ts';
import { bytesOf, scratch } from './helpers/scratch.ts';

const lake = compileLake();
const once = { waitS: 0, now: (): Date => NOW };

async function newStore(): Promise<Store> {
  return await openStore(join(scratch(), 'store'), { create: true });
}

function locked(pid: number | undefined): object {
  return {
    name: 'SeshError',
    exitCode: 75,
    message: `Another sesh (sync, pid ${pid}, since 2026-03-01T12:00:00.000Z) is writing to this store.`,
  };
}

test('the owner is written down while it works, and a second one of the same process is refused', async () => {
  const store = await newStore();
  const lock = await acquireLock(store, 'sync', once);
  expect(JSON.parse(readFileSync(store.lockNotePath, 'utf8'))).toEqual({
    pid: process.pid,
    host: hostname(),
    command: 'sync',
    since: '2026-03-01T12:00:00.000Z',
  });
  await expect(acquireLock(store, 'report', once)).rejects.toMatchObject(locked(process.pid));
  await lock.release();
  await lock.release();
  expect(existsSync(store.lockNotePath)).toBe(false);
  await (await acquireLock(store, 'report', once)).release();
});

test('two callers of one process at the same moment: one gets it', async () => {
  const store = await newStore();
  const both = await Promise.allSettled([acquireLock(store, 'sync', once), acquireLock(store, 'sync', once)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  for (const one of both) if (one.status === 'fulfilled') await one.value.release();
});

test('taking and giving back the lock changes no file, and the lock is private', async () => {
  const store = await newStore();
  await (await acquireLock(store, 'sync', once)).release();
  const before = { bytes: bytesOf(store.directory), lock: readFileSync(store.lockPath) };
  await (await acquireLock(store, 'sync', once)).release();
  expect({ bytes: bytesOf(store.directory), lock: readFileSync(store.lockPath) }).toEqual(before);
  expect(statSync(store.lockPath).mode & 0o777).toBe(0o600);
  expect(readdirSync(store.tmp)).toEqual([]);
});

test('another process is refused with who has it, and gets it when the owner is killed (F19, F20)', async () => {
  const store = await newStore();
  const { child, line } = startChild('hold.mjs', [lake, store.directory]);
  expect(await line).toBe('held');
  await expect(acquireLock(store, 'sync', once)).rejects.toMatchObject(locked(child.pid));
  child.kill('SIGKILL');
  expect(await ended(child)).toBe('SIGKILL');
  expect(existsSync(store.lockNotePath)).toBe(true);
  await (await acquireLock(store, 'sync', once)).release();
});

test('a stopped owner keeps the lock (F22)', async () => {
  const store = await newStore();
  const { child, line } = startChild('hold.mjs', [lake, store.directory]);
  expect(await line).toBe('held');
  child.kill('SIGSTOP');
  await expect(acquireLock(store, 'sync', { ...once, waitS: 0.5 })).rejects.toMatchObject(locked(child.pid));
  child.kill('SIGCONT');
  child.stdin?.end();
  expect(await ended(child)).toBe(0);
});

test('a waiting caller goes on as soon as the owner has finished', async () => {
  const store = await newStore();
  const { child, line } = startChild('hold.mjs', [lake, store.directory]);
  expect(await line).toBe('held');
  setTimeout(() => child.stdin?.end(), 300);
  const lock = await acquireLock(store, 'sync', { ...once, waitS: 20 });
  await lock.release();
  expect(await ended(child)).toBe(0);
});

test('a note that names a living process does not lock: only the kernel does (F21)', async () => {
  const store = await newStore();
  writeFileSync(
    store.lockNotePath,
    JSON.stringify({ pid: process.ppid, host: hostname(), command: 'sync', since: '' }),
  );
  const lock = await acquireLock(store, 'report', once);
  expect(JSON.parse(readFileSync(store.lockNotePath, 'utf8'))).toMatchObject({ pid: process.pid, command: 'report' });
  await lock.release();
});

test('a broken note costs the name of the owner, nothing else', async () => {
  const store = await newStore();
  const lock = await acquireLock(store, 'sync', once);
  writeFileSync(store.lockNotePath, '{"pi');
  await expect(acquireLock(store, 'sync', once)).rejects.toMatchObject({
    exitCode: 75,
    message: 'Another sesh is writing to this store.',
  });
  await lock.release();
});

test('a lock file that is no database is an error that says what to remove', async () => {
  const store = await newStore();
  writeFileSync(store.lockPath, 'something else');
  await expect(acquireLock(store, 'sync', once)).rejects.toMatchObject({
    name: 'SeshError',
    exitCode: 1,
    hint: `When no sesh is running, remove ${store.lockPath} and run the command again.`,
  });
});

test('many processes at once on a new store: each gets the lock or is told who has it (F19)', async () => {
  const directory = join(scratch(), 'store');
  const started = Array.from({ length: 5 }, () => startChild('hold.mjs', [lake, directory]));
  const lines = await Promise.all(started.map(async ({ line }) => await line));
  expect(lines.filter((line) => line === 'held')).toHaveLength(1);
  expect(lines.filter((line) => line.includes('is writing to this store.'))).toHaveLength(4);
  for (const { child } of started) child.stdin?.end();
  await Promise.all(started.map(async ({ child }) => await ended(child)));
});

test('the new owner clears away what a dead run left, and makes cache and checkpoint where they are missing (F20)', async () => {
  const store = await newStore();
  const table = store.tablePath('events');
  for (let version = 0; version <= 10; version += 1) {
    await commit(
      table,
      schema,
      await readSnapshot(table),
      { add: [dataFile(`${version}`)], remove: [], note: {} },
      NOW,
    );
  }
  await (await acquireLock(store, 'sync', once)).release();
  const settled = bytesOf(store.directory);
  rmSync(join(table, '_delta_log/00000000000000000010.checkpoint.parquet'));
  rmSync(join(table, '_delta_log/_last_checkpoint'));
  rmSync(store.cache, { recursive: true });
  mkdirSync(join(store.tmp, 'run', 'deep'), { recursive: true });
  writeFileSync(join(store.tmp, 'run', 'deep', 'x'), '');
  for (const folder of [store.directory, join(table, '_delta_log')])
    writeFileSync(join(folder, '.sesh-0123456789abcdef.tmp'), '');
  await (await acquireLock(store, 'sync', once)).release();
  expect(bytesOf(store.directory)).toEqual(settled);
});
