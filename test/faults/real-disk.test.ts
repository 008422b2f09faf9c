import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openCage } from '../../src/views/connection.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore, treeHashes } from '../helpers/store.ts';
import { mountDisk, remount } from './helpers/mount.ts';
import { atWork, startSync, writeLargeSession } from './helpers/process.ts';

const everyEvent = 'select event_id from events order by 1';
const timeout = 240_000;

/** A root with one small session, and the path of its file. */
function smallRoot(folder: string): string {
  const root = join(folder, 'projects');
  writeLines(join(root, '-home-ann-shop', `${sessionNumber(1)}.jsonl`), turn(sessionNumber(1), 1));
  return root;
}

describe('a disk that is really full', () => {
  test(
    'refuses a run that cannot fit, with what it needs and what is free, and the store stays as it was (F04)',
    { timeout },
    async ({ skip }) => {
      const folder = scratch();
      const root = smallRoot(folder);
      const disk = join(folder, 'disk');
      mountDisk(disk, 4, skip);
      const store = join(disk, 'store');
      await syncStore({ store, roots: [root] });
      const before = await eventRows(store, everyEvent);
      writeLargeSession(root, 2, 12);
      const { end, stderr } = await startSync(store, root).ended;
      expect(stderr).toMatch(/No space left on the disk for .*: this run needs about 6\.\d MB, \d\.\d MB are free\./);
      expect(end).toBe(1);
      expect(await eventRows(store, everyEvent)).toEqual(before);
      remount(disk, 'size=64m');
      expect(await startSync(store, root).ended).toEqual({ end: 0, stderr: '' });
      expect((await eventRows(store, everyEvent)).length).toBeGreaterThan(before.length);
    },
  );

  test(
    'in the middle of a run is told, publishes nothing, and heals when there is space again (F04)',
    { timeout },
    async ({ skip }) => {
      const folder = scratch();
      const root = smallRoot(folder);
      const disk = join(folder, 'disk');
      mountDisk(disk, 16, skip);
      const store = join(disk, 'store');
      await syncStore({ store, roots: [root] });
      const before = await eventRows(store, everyEvent);
      writeLargeSession(root, 2, 6);
      const run = startSync(store, root);
      await atWork(store, run);
      // Another program takes the space before the events are staged.
      run.child.kill('SIGSTOP');
      const { bavail, bsize } = statfsSync(disk);
      const hog = join(disk, 'hog');
      writeFileSync(hog, Buffer.alloc(bavail * bsize));
      run.child.kill('SIGCONT');
      const { end, stderr } = await run.ended;
      expect(stderr).toContain('No space left on the disk for ');
      expect(end).toBe(1);
      expect(await eventRows(store, everyEvent)).toEqual(before);
      rmSync(hog);
      const { problems } = await syncStore({ store, roots: [root] });
      expect(problems).toEqual([]);
      const elsewhere = join(folder, 'elsewhere');
      await syncStore({ store: elsewhere, roots: [root] });
      expect(await eventFiles(store)).toEqual(await eventFiles(elsewhere));
    },
  );

  test(
    'because it has no more files is told so, publishes nothing, and heals when there are some again (F15)',
    { timeout },
    async ({ skip }) => {
      const folder = scratch();
      const root = smallRoot(folder);
      const disk = join(folder, 'disk');
      mountDisk(disk, 16, skip);
      const store = join(disk, 'store');
      await syncStore({ store, roots: [root] });
      const before = await eventRows(store, everyEvent);
      writeLines(join(root, '-home-ann-shop', `${sessionNumber(2)}.jsonl`), turn(sessionNumber(2), 2));
      const { files, ffree } = statfsSync(disk);
      remount(disk, `nr_inodes=${files - ffree + 3}`);
      const { end, stderr } = await startSync(store, root).ended;
      expect(stderr).toContain('(no more files can be made there).');
      expect(end).toBe(1);
      expect(await eventRows(store, everyEvent)).toEqual(before);
      remount(disk, 'nr_inodes=10000');
      expect(await startSync(store, root).ended).toEqual({ end: 0, stderr: '' });
      expect((await eventRows(store, everyEvent)).length).toBeGreaterThan(before.length);
    },
  );

  test('where a query would spill fails the query and nothing else (F05)', async ({ skip }) => {
    const folder = scratch();
    const root = smallRoot(folder);
    const store = join(folder, 'store');
    await syncStore({ store, roots: [root] });
    const before = treeHashes(store);
    mountDisk(join(store, 'tmp', 'duckdb'), 1, skip);
    const files = (await eventFiles(store)).map((file) => join(store, 'events', file));
    const { connection, close } = await openCage({ storeDir: store, files, memoryBytes: 32 * 1024 ** 2, threads: 1 });
    await expect(
      connection.run(
        `create temp table sorted as select hash(i)::varchar || repeat('x', 90) as t from range(2_000_000) r(i)`,
      ),
    ).rejects.toThrow(/No space left|Out of Memory|max_temp_directory_size|failed to (?:write|offload)/i);
    close();
    expect(treeHashes(store)).toEqual(before);
    expect((await syncStore({ store, roots: [root] })).problems).toEqual([]);
  });
});

test(
  'a read-only store is refused in one sentence before anything is done, and can still be read (F08)',
  { timeout },
  async ({ skip }) => {
    const folder = scratch();
    const root = smallRoot(folder);
    const disk = join(folder, 'disk');
    mountDisk(disk, 16, skip);
    const store = join(disk, 'store');
    await syncStore({ store, roots: [root] });
    writeLines(join(root, '-home-ann-shop', `${sessionNumber(2)}.jsonl`), turn(sessionNumber(2), 2));
    remount(disk, 'ro');
    const before = treeHashes(store);
    const { end, stderr } = await startSync(store, root).ended;
    expect(end).toBe(1);
    expect(stderr.trimEnd().split('\n')[0]).toBe(`sesh: No permission to write ${join(store, 'lock.duckdb')}.`);
    expect(stderr).not.toContain('at ');
    expect(treeHashes(store)).toEqual(before);
    const query = spawnSync(process.execPath, [join(repository, 'dist', 'cli.js'), 'sessions', '--json'], {
      env: { HOME: folder, SESH_HOME: store, TZ: 'UTC' },
      encoding: 'utf8',
    });
    expect({ status: query.status, stderr: query.stderr }).toEqual({ status: 0, stderr: '' });
    expect(query.stdout).toContain(sessionNumber(1));
  },
);

test('a read-only disk of sources is read as any other (F09)', async ({ skip }) => {
  const folder = scratch();
  const disk = join(folder, 'disk');
  mountDisk(disk, 4, skip);
  const root = smallRoot(disk);
  remount(disk, 'ro');
  const { files, problems } = await syncStore({ store: join(folder, 'store'), roots: [root] });
  expect({ read: files.new, problems }).toEqual({ read: 1, problems: [] });
});

/** A shell that runs `sesh sync` under a limit. */
function syncUnder(limit: string, store: string, root: string) {
  const command = `${limit}; exec "$0" "$@"`;
  const args = ['-c', command, process.execPath, join(repository, 'dist', 'cli.js'), 'sync', '--root', root];
  const env = { HOME: store, SESH_HOME: store, TZ: 'UTC', PATH: process.env['PATH'] ?? '' };
  return spawnSync('sh', args, { env, encoding: 'utf8', timeout });
}

test('few file descriptors are enough for hundreds of files (F15)', { timeout }, async () => {
  const folder = scratch();
  const root = join(folder, 'projects');
  for (let n = 1; n <= 300; n += 1)
    writeLines(join(root, `-home-ann-${n % 40}`, `${sessionNumber(n)}.jsonl`), turn(sessionNumber(n), n));
  const store = join(folder, 'store');
  const { status, stderr } = syncUnder('ulimit -n 128', store, root);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const undisturbed = join(folder, 'undisturbed');
  await syncStore({ store: undisturbed, roots: [root] });
  expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
});

test(
  'too few descriptors end a run with the limit as the reason, and the next run does the work (F15)',
  { timeout },
  async () => {
    const folder = scratch();
    const root = smallRoot(folder);
    const store = join(folder, 'store');
    for (const limit of [36, 48, 64]) {
      const { status, stderr } = syncUnder(`ulimit -n ${limit}`, store, root);
      const isTold = status === 1 && /too many open files|Only \d+ files may be open at once here/.test(stderr);
      expect(status === 0 || isTold ? '' : stderr).toBe('');
    }
    expect((await syncStore({ store, roots: [root] })).problems).toEqual([]);
    const undisturbed = join(folder, 'undisturbed');
    await syncStore({ store: undisturbed, roots: [root] });
    expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
  },
);

/** A new control group that may use so much memory, by the file to which a process writes itself; null where none can be made. */
function memoryGroup(bytes: number): string | null {
  for (const [parent, limit] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ] as const) {
    if (!existsSync(join(parent, 'cgroup.procs'))) continue;
    try {
      const group = mkdtempSync(join(parent, 'sesh-test-'));
      onTestFinished(() => rmdirSync(group));
      writeFileSync(join(group, limit), String(bytes), { flag: 'r+' });
      return join(group, 'cgroup.procs');
    } catch {
      continue;
    }
  }
  return null;
}

test('a process that may use 512 MB of memory syncs large files (F16)', { timeout }, async ({ skip }) => {
  const folder = scratch();
  const root = join(folder, 'projects');
  for (const n of [1, 2]) writeLargeSession(root, n, 24);
  const group = memoryGroup(512 * 1024 * 1024);
  skip(group === null, 'no control group of memory can be made here');
  const store = join(folder, 'store');
  const { status, signal, stderr } = syncUnder(`echo $$ > ${group}`, store, root);
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  expect(readdirSync(join(store, 'tmp'))).toEqual([]);
});
