import { hash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkStore, type Finding } from '../../src/lake/check.ts';
import { makeDirectory, writeFileDurably } from '../../src/lake/files.ts';
import { commit, readSnapshot } from '../../src/lake/log.ts';
import { openStore, type Store } from '../../src/lake/store.ts';
import { sealed } from '../../src/lake/sealed.ts';
import { NOW, schema } from './helpers/events.ts';
import { bytesOf, scratch } from './helpers/scratch.ts';

const MEND = 'Run `sesh sync --full` to make the table again.';

/** A store with one table of three versions; file n holds the text `content n`. */
async function wellStore(): Promise<Store> {
  const store = await openStore(join(scratch(), 'store'), { create: true });
  const table = store.tablePath('events');
  for (const version of [0, 1, 2]) {
    await makeDirectory(join(table, 'month=2026-01'));
    await writeFileDurably(join(table, pathOf(version)), `content ${version}`);
    const file = { path: pathOf(version), sizeBytes: 9, records: 1, partition: { month: '2026-01' }, tags: {} };
    await commit(table, schema, await readSnapshot(table), { add: [file], remove: [], note: {} }, NOW);
  }
  return store;
}

function pathOf(version: number): string {
  return `month=2026-01/part-${hash('sha256', `content ${version}`, 'hex').slice(0, 32)}.parquet`;
}

async function problems(store: Store): Promise<readonly Finding[]> {
  return (await checkStore(store)).filter(({ what }) => !what.includes(' GiB free '));
}

test('a well store has no findings but its free space, and is not changed', async () => {
  const store = await wellStore();
  const before = bytesOf(store.directory);
  expect(await problems(store)).toEqual([]);
  expect((await checkStore(store)).map(({ where, what }) => [where, what.replace(/^[\d.]+/, 'n')])).toEqual([
    ['.', 'n GiB free on the disk of the store.'],
  ]);
  expect(bytesOf(store.directory)).toEqual(before);
});

test('a missing file, a file of another size and a flipped bit are each named (F12, F13)', async () => {
  const store = await wellStore();
  const table = store.tablePath('events');
  rmSync(join(table, pathOf(0)));
  writeFileSync(join(table, pathOf(1)), 'content 1 and more');
  writeFileSync(join(table, pathOf(2)), 'content 3');
  const found = await problems(store);
  expect(found.map(({ level, where, next }) => ({ level, where, next }))).toEqual(
    [0, 1, 2].map((version) => ({ level: 'error', where: `events/${pathOf(version)}`, next: MEND })),
  );
  expect(found.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^The file cannot be read: ENOENT/),
    'The file has 18 bytes; the log says 9.',
    'The file is not what was written: its hash differs from its name.',
  ]);
});

test('a damaged newest commit is an error although readers go on without it (F11)', async () => {
  const store = await wellStore();
  const path = join(store.tablePath('events'), '_delta_log/00000000000000000002.json');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100));
  expect(await problems(store)).toEqual([
    {
      level: 'error',
      what: 'The commit is damaged: a line of it is not JSON.',
      where: 'events/_delta_log/00000000000000000002.json',
      next: MEND,
    },
    {
      level: 'info',
      what: 'No recent version of the table names this file.',
      where: `events/${pathOf(2)}`,
      next: 'Nothing to do: a later clean-up removes it.',
    },
  ]);
});

test('a gap in the log is an error', async () => {
  const store = await wellStore();
  rmSync(join(store.tablePath('events'), '_delta_log/00000000000000000001.json'));
  expect((await problems(store)).map(({ level, what, where }) => [level, what, where])).toEqual([
    ['error', 'The log has a gap: version 1 is missing.', 'events/_delta_log/00000000000000000002.json'],
    [
      'error',
      'The store is damaged at events/_delta_log/00000000000000000001.json: this commit is missing.',
      'events/_delta_log',
    ],
  ]);
});

test('a cache that says something else than the log is an error', async () => {
  const store = await wellStore();
  const path = join(store.cache, 'events.snapshot.json');
  const [, text = ''] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, sealed(JSON.parse(text.replace(pathOf(1), pathOf(7)))));
  expect(await problems(store)).toEqual([
    {
      level: 'error',
      what: 'The cached list of files differs from the log.',
      where: 'cache/events.snapshot.json',
      next: `Remove ${path}.`,
    },
  ]);
});

test('files that no version names are listed, and so are files of others (F14)', async () => {
  const store = await wellStore();
  const table = store.tablePath('events');
  writeFileSync(join(table, 'notes.txt'), '', { mode: 0o600 });
  writeFileSync(join(table, pathOf(8)), 'content 8', { mode: 0o600 });
  const found = await problems(store);
  expect(found.map(({ level, where }) => [level, where])).toEqual(
    [
      ['info', `events/${pathOf(8)}`],
      ['info', 'events/notes.txt'],
    ].sort(([, a], [, b]) => ((a ?? '') < (b ?? '') ? -1 : 1)),
  );
});

test('everything that others may read is one warning', async () => {
  const store = await wellStore();
  chmodSync(join(store.directory, 'store.json'), 0o644);
  chmodSync(store.tablePath('events'), 0o755);
  expect(await problems(store)).toEqual([
    {
      level: 'warning',
      what: 'Other users of this machine may read or change 2 of the files and folders.',
      where: 'events',
      next: 'Run `chmod -R go= DIR` with the folder of the store.',
    },
  ]);
});

test('a store without its mark is an error', async () => {
  const store = await wellStore();
  writeFileSync(join(store.directory, 'store.json'), '', { mode: 0o600 });
  expect((await problems(store)).map(({ level, where }) => [level, where])).toEqual([['error', 'store.json']]);
});
