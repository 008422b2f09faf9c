import { spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { archiveOrder } from '../../src/lake/compact/order.ts';
import { readSnapshot } from '../../src/lake/log.ts';
import { readSources } from '../../src/lake/read-sources.ts';
import { openStore } from '../../src/lake/store.ts';
import { restoreSource } from '../../src/lake/restore.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, syncStore } from '../helpers/store.ts';
import { runHere } from './run-here.ts';

/** What no level makes smaller, so that few bytes are worth while. */
const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(4_600_000));
const noisy = (from: number, to: number): string =>
  JSON.stringify({ type: 'noise', data: noise.subarray(from, to).toString('base64') });

const folder = scratchForFile();
const root = join(folder, 'projects');
const file = (n: number, of = root): string => join(of, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
const grow = (n: number, lines: readonly string[], of = root): void =>
  appendFileSync(file(n, of), `${lines.join('\n')}\n`);

/** Three syncs of three sessions that grow; the last one has a file alone. */
const loose = join(folder, 'loose');
for (const n of [1, 2, 3])
  writeLines(file(n), [...turn(sessionNumber(n), 10 * n), noisy(1_400_000 * (n - 1), 1_400_000 * n)]);
await syncStore({ store: loose, roots: [root] });
for (const n of [1, 2])
  grow(n, [...turn(sessionNumber(n), 10 * n + 1), noisy(4_200_000 + 100_000 * n, 4_300_000 + 100_000 * n)]);
await syncStore({ store: loose, roots: [root] });
grow(1, turn(sessionNumber(1), 12));
await syncStore({ store: loose, roots: [root] });
const dense = join(folder, 'dense');
cpSync(loose, dense, { recursive: true });
const told = await vacuum(dense);

afterEach(() => vi.unstubAllEnvs());

async function vacuum(store: string, ...options: readonly string[]) {
  const { stdout, code, stderr } = await runHere(['vacuum', '--json', ...options], { env: { SESH_HOME: store } });
  if (code !== 0) throw new Error(stderr);
  const json: { files: unknown[]; archive: Record<string, unknown> } = JSON.parse(stdout);
  return json;
}

async function rawFiles(store: string): Promise<readonly string[]> {
  return (await readSnapshot(join(store, 'raw'))).files.map(({ path, records }) => `${path} ${records}`);
}

/** A store and the transcripts on a machine of their own. */
function copyOf(store: string): { readonly store: string; readonly root: string } {
  const own = join(scratch(), 'machine');
  mkdirSync(own);
  cpSync(store, join(own, 'store'), { recursive: true });
  return { store: join(own, 'store'), root };
}

async function restored(store: string, path: string): Promise<Buffer> {
  const { chunks } = await restoreSource(await openStore(store, { create: false }), path);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

test('vacuum says what it wrote anew, and until when the old files stay', async () => {
  expect(told.files).toEqual([]);
  expect(told.archive).toEqual({
    old_files: 3,
    old_bytes: expect.any(Number),
    new_files: 1,
    new_bytes: expect.any(Number),
    old_files_until: '2026-02-18T16:00:00.000Z',
    left: null,
    damaged_files: 0,
  });
  const { store } = copyOf(loose);
  const run = async (...args: readonly string[]) =>
    (await runHere(['vacuum', ...args], { env: { SESH_HOME: store } })).stdout;
  expect(await run('--dry-run')).toMatch(/3 files of the archive, \d\.\d MB, would be written anew\.\n$/);
  const said = await run();
  expect(said).toMatch(/3 files of the archive, \d\.\d MB, written anew as 1, \d\.\d MB\.\n/);
  expect(said).toContain('a vacuum after 2026-02-18 removes them, `sesh vacuum --keep 0d` at once.');
  expect(await run()).toBe('0 files of old versions removed, 0 B.\n');
});

test('sources lie in the order of their hash, and those that share events side by side', async () => {
  const store = await openStore(dense, { create: false });
  const [a, b, c, d] = await readSources(store, await readSnapshot(store.tablePath('sources')));
  if (a === undefined || b === undefined || c === undefined || d !== undefined)
    throw new Error('Expected three sources');
  const order = archiveOrder([
    { ...a, cluster: 5, family: a.sourceId },
    { ...b, cluster: 3, family: b.sourceId },
    { ...c, cluster: 9, family: b.sourceId },
  ]);
  expect([...order.keys()]).toEqual([b.sourceId, c.sourceId, a.sourceId]);
});

test('a dry run names what would be written anew and changes nothing', async () => {
  const { store } = copyOf(loose);
  const before = await rawFiles(store);
  expect((await vacuum(store, '--dry-run')).archive).toMatchObject({ old_files: 3, new_files: 0 });
  expect(await rawFiles(store)).toEqual(before);
});

test('the same bytes are restored, and the same events are derived again, also when the transcripts are gone', async () => {
  const { store } = copyOf(dense);
  for (const n of [1, 2, 3]) expect((await restored(store, file(n))).equals(readFileSync(file(n)))).toBe(true);
  const before = await eventFiles(store);
  const elsewhere = join(dirname(store), 'elsewhere');
  mkdirSync(elsewhere);
  cpSync(root, elsewhere, { recursive: true });
  rmSync(root, { recursive: true });
  mkdirSync(root);
  try {
    const { problems } = await syncStore({ store, roots: [root], full: true });
    expect(problems).toEqual([]);
    expect(await eventFiles(store)).toEqual(before);
  } finally {
    cpSync(elsewhere, root, { recursive: true, preserveTimestamps: true });
  }
});

test('what grows afterwards is archived as it would be without, and restored', async () => {
  const stores = [copyOf(loose).store, copyOf(dense).store];
  const before = readFileSync(file(2));
  grow(2, turn(sessionNumber(2), 29));
  try {
    for (const store of stores) {
      expect((await syncStore({ store, roots: [root] })).files).toMatchObject({ grown: 1, unchanged: 2 });
      expect((await restored(store, file(2))).equals(readFileSync(file(2)))).toBe(true);
    }
    const [a = '', b = ''] = stores;
    expect(await eventFiles(b)).toEqual(await eventFiles(a));
  } finally {
    writeFileSync(file(2), before);
  }
});

test('a process that is killed at it leaves the old archive, and the next one does it (P6, F01)', async () => {
  const { store } = copyOf(loose);
  const before = await rawFiles(store);
  const env = { HOME: folder, SESH_HOME: store, TZ: 'UTC', SESH_CRASH_AT: 'copy:after:2' };
  const cli = join(repository, 'dist', 'cli.js');
  expect(spawnSync(process.execPath, [cli, 'vacuum'], { env }).signal).toBe('SIGKILL');
  expect(await rawFiles(store)).toEqual(before);
  expect((await vacuum(store)).archive).toMatchObject({ old_files: 3, new_files: 1 });
  expect(readdirSync(join(store, 'tmp'))).toEqual([]);
  expect((await restored(store, file(1))).equals(readFileSync(file(1)))).toBe(true);
});

test('a night does it, too', async () => {
  const { store } = copyOf(loose);
  const reports = join(dirname(store), 'reports');
  await runHere(['nightly', '--root', root, '--out', reports], { env: { SESH_HOME: store } });
  expect(await rawFiles(store)).toHaveLength(1);
});

test('the old files go when the retention is over, also where nothing is added any more', async () => {
  const { store } = copyOf(dense);
  expect((await vacuum(store)).files).toEqual([]);
  expect((await vacuum(store, '--keep', '0d')).files).toHaveLength(3);
  expect((await restored(store, file(1))).equals(readFileSync(file(1)))).toBe(true);
});

test('what is forgotten afterwards does not come back, from no file of any version', async () => {
  const { store } = copyOf(dense);
  const env = { env: { SESH_HOME: store } };
  expect(await runHere(['forget', '--session', sessionNumber(1), '--yes'], env)).toMatchObject({ code: 0 });
  expect((await rawFiles(store)).map((name) => name.split(' ')[1])).toEqual(['3']);
  await vacuum(store);
  await vacuum(store, '--keep', '0d');
  for (const gone of [sessionNumber(1), noise.subarray(0, 300).toString('base64').slice(0, 200)]) {
    expect(await runHere(['doctor', '--absent', gone], env)).toMatchObject({ code: 0 });
  }
  expect((await restored(store, file(2))).equals(readFileSync(file(2)))).toBe(true);
});

test('a sync that died before its archive was made is not taken for finished by a version that only vacuum made', async () => {
  const { store } = copyOf(loose);
  const own = join(scratch(), 'projects');
  cpSync(root, own, { recursive: true, preserveTimestamps: true });
  writeLines(file(4, own), turn(sessionNumber(4), 41));
  // The journal is written, the version of the archive that it announces is not.
  vi.stubEnv('SESH_FAIL_AT', 'create:before:1:EIO');
  await expect(syncStore({ store, roots: [own] })).rejects.toThrow('EIO');
  vi.unstubAllEnvs();
  expect(readFileSync(join(store, 'journal.json'), 'utf8')).toContain(sessionNumber(4));
  expect((await vacuum(store)).archive).toMatchObject({ new_files: 1 });
  await syncStore({ store, roots: [own] });
  expect((await restored(store, file(4, own))).equals(readFileSync(file(4, own)))).toBe(true);
});

test('neither by one that only a forgetting made', async () => {
  const { store } = copyOf(dense);
  const own = join(scratch(), 'projects');
  cpSync(root, own, { recursive: true, preserveTimestamps: true });
  writeLines(file(4, own), turn(sessionNumber(4), 41));
  vi.stubEnv('SESH_FAIL_AT', 'create:before:1:EIO');
  await expect(syncStore({ store, roots: [own] })).rejects.toThrow('EIO');
  vi.unstubAllEnvs();
  const env = { env: { SESH_HOME: store } };
  expect(await runHere(['forget', '--session', sessionNumber(3), '--yes'], env)).toMatchObject({ code: 0 });
  await syncStore({ store, roots: [own] });
  expect((await restored(store, file(4, own))).equals(readFileSync(file(4, own)))).toBe(true);
});
