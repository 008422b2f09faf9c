import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../src/commands/settings.ts';
import { withViews } from '../../src/commands/views.ts';
import { everything } from '../../src/core/window.ts';
import { checkStore } from '../../src/lake/check.ts';
import { readSnapshot } from '../../src/lake/log.ts';
import { restoreSource } from '../../src/lake/restore.ts';
import { openStore } from '../../src/lake/store.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore } from '../helpers/store.ts';

/** Two sessions, each archived by a run of its own, so that their bytes lie in two files; both months apart. */
async function twoSessions() {
  const folder = scratch();
  const root = join(folder, 'projects');
  const store = join(folder, 'store');
  const file = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
  for (const n of [1, 2]) {
    writeLines(file(n), turn(sessionNumber(n), n * 40_000));
    await syncStore({ store, roots: [root] });
  }
  return { root, store, file, files: await eventFiles(store) };
}

async function dataFiles(store: string, table: string): Promise<readonly string[]> {
  const { files } = await readSnapshot(join(store, table));
  return files.map(({ path }) => join(store, table, path));
}

function flipBit(path: string, at = 0.4): void {
  const bytes = readFileSync(path);
  const index = Math.floor(bytes.length * at);
  bytes[index] = (bytes[index] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}

async function faults(store: string): Promise<readonly string[]> {
  const found = await checkStore(await openStore(store, { create: false }));
  return found.filter(({ level }) => level === 'error').map(({ where }) => where);
}

async function textOf(store: string, path: string): Promise<string> {
  const { chunks } = await restoreSource(await openStore(store, { create: false }), path);
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces).toString();
}

const sessions = 'select distinct session_id from events order by 1';

describe('a damaged file of events is named by doctor, and sync --full makes it again', () => {
  test.each([
    ['with a flipped bit in its data', (path: string) => flipBit(path)],
    ['with a flipped bit in its footer', (path: string) => flipBit(path, 0.98)],
    ['cut short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 100))],
    ['empty', (path: string) => writeFileSync(path, '')],
    ['that is gone', (path: string) => rmSync(path)],
  ] as const)('%s (F12, F13)', async (_how, damage) => {
    const { store, root, files } = await twoSessions();
    const [victim = ''] = await dataFiles(store, 'events');
    damage(victim);
    expect(await faults(store)).toEqual([victim.slice(store.length + 1)]);
    const { problems } = await syncStore({ store, roots: [root], full: true });
    expect(problems).toEqual([]);
    expect(await eventFiles(store)).toEqual(files);
    expect(await faults(store)).toEqual([]);
    expect(await eventRows(store, sessions)).toHaveLength(2);
  });

  test('also when the transcripts are gone (F12, F13)', async () => {
    const { store, root, file, files } = await twoSessions();
    for (const n of [1, 2]) rmSync(file(n));
    for (const victim of await dataFiles(store, 'events')) rmSync(victim);
    await syncStore({ store, roots: [root], full: true });
    expect(await eventFiles(store)).toEqual(files);
    expect(await faults(store)).toEqual([]);
  });
});

describe('a damaged table of sources whose copy in the cache is damaged too', () => {
  async function damagedSources(versions: 'newest' | 'all') {
    const world = await twoSessions();
    const { store, root } = world;
    const texts = [1, 2].map((n) => readFileSync(world.file(n), 'utf8'));
    const [newest = ''] = await dataFiles(store, 'sources');
    const all = readdirSync(join(store, 'sources')).filter((name) => name.endsWith('.parquet'));
    expect(all.length).toBeGreaterThan(1);
    for (const name of all) {
      const path = join(store, 'sources', name);
      if (versions === 'all' || path === newest) flipBit(path);
    }
    writeFileSync(join(store, 'cache', 'sources.json'), 'damaged');
    expect(await faults(store)).toEqual([newest.slice(store.length + 1)]);
    await expect(syncStore({ store, roots: [root] })).rejects.toMatchObject({
      name: 'SeshError',
      message: expect.stringContaining(newest.slice(store.length + 1)),
      hint: expect.stringContaining('sesh sync --full'),
    });
    rmSync(world.file(1));
    return { ...world, texts };
  }

  test('is made again from an earlier version, the archive and what lies on the disk (F12, F13)', async () => {
    const { store, root, file, files, texts } = await damagedSources('newest');
    const { problems, warnings, files: counts } = await syncStore({ store, roots: [root], full: true });
    expect([problems, counts.unreadable]).toEqual([[], 0]);
    expect(warnings).toContain('The table of sources was damaged, and its copy: it was made again from the archive.');
    expect(await eventFiles(store)).toEqual(files);
    expect(await faults(store)).toEqual([]);
    expect(await Promise.all([1, 2].map(async (n) => await textOf(store, file(n))))).toEqual(texts);
    writeLines(file(2), turn(sessionNumber(2), 80_000).concat(turn(sessionNumber(2), 80_001)));
    expect((await syncStore({ store, roots: [root] })).files).toMatchObject({ grown: 1, new: 0, replaced: 0 });
    expect(await faults(store)).toEqual([]);
  });

  test('without an earlier version loses the name of what is no longer on the disk, and says so; its events stay (F12, F13)', async () => {
    const { store, root, file, files, texts } = await damagedSources('all');
    const { problems, warnings } = await syncStore({ store, roots: [root], full: true });
    expect(problems).toEqual([]);
    expect(warnings.join()).toContain('What is no longer on this machine lost its name, 1 archived transcript');
    expect(await eventFiles(store)).toEqual(files);
    expect(await faults(store)).toEqual([]);
    expect(await textOf(store, file(2))).toBe(texts[1]);
  });
});

test('while a file of events is missing, a question gets an error that says what to run, never an empty answer (F13)', async () => {
  const { store, root, file } = await twoSessions();
  const [victim = ''] = await dataFiles(store, 'events');
  rmSync(victim);
  const ask = withViews(
    { storeDir: store, settings: settingsOf(everything, 'UTC') },
    async (views) => await views.query('select * from sessions'),
  );
  await expect(ask).rejects.toMatchObject({
    name: 'SeshError',
    message: expect.stringContaining(victim),
    hint: expect.stringContaining('sesh sync --full'),
  });
  writeLines(file(1), turn(sessionNumber(1), 40_001));
  await expect(syncStore({ store, roots: [root] })).rejects.toMatchObject({
    name: 'SeshError',
    hint: expect.stringContaining('sesh sync --full'),
  });
});

test('a damaged file of the archive costs nothing but what it holds: events stay, other transcripts come back whole (F12)', async () => {
  const { store, root, file, files } = await twoSessions();
  const texts = [1, 2].map((n) => readFileSync(file(n), 'utf8'));
  const paths = [1, 2].map(file);
  for (const path of paths) rmSync(path);
  const [victim = ''] = await dataFiles(store, 'raw');
  flipBit(victim, 0.2);
  expect(await faults(store)).toEqual([victim.slice(store.length + 1)]);
  const restored = await Promise.allSettled(paths.map(async (path) => await textOf(store, path)));
  const whole = restored.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const broken = restored.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(texts).toEqual(expect.arrayContaining(whole));
  expect(whole).toHaveLength(1);
  expect(broken).toEqual([expect.objectContaining({ name: 'SeshError' })]);
  const { files: counts, skipped } = await syncStore({ store, roots: [root], full: true });
  expect({ unreadable: counts.unreadable, skipped }).toEqual({
    unreadable: 1,
    skipped: [expect.objectContaining({ reason: expect.stringContaining('archived bytes') })],
  });
  expect(await eventFiles(store)).toEqual(files);
});

test('leftovers and files of others are ignored by readers and syncs, and listed by doctor (F14)', async () => {
  const { store, root, files, file } = await twoSessions();
  const strange = [
    'events/month=2026-02/x.parquet',
    'events/notes.txt',
    'raw/copy of raw.parquet',
    'events/month=2026-02/tmp_b0.parquet',
  ];
  for (const path of strange) writeLines(join(store, path), ['not parquet']);
  expect(await eventFiles(store)).toEqual(files);
  writeLines(file(1), turn(sessionNumber(1), 40_000).concat(turn(sessionNumber(1), 40_001)));
  expect((await syncStore({ store, roots: [root] })).problems).toEqual([]);
  const found = await checkStore(await openStore(store, { create: false }));
  const listed = found
    .filter(({ level, what }) => level === 'info' && what.startsWith('sesh did not write'))
    .map(({ where }) => where);
  expect(listed).toEqual(expect.arrayContaining(strange));
  expect(await faults(store)).toEqual([]);
});
