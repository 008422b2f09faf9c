import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/lake/store.ts';
import { scratch } from '../helpers/scratch.ts';

async function warnings(directory: string): Promise<readonly string[]> {
  mkdirSync(join(directory, '..'), { recursive: true });
  return (await openStore(directory, { create: true })).warnings;
}

test.each([
  ['Dropbox', 'Dropbox/notes/sesh'],
  ['OneDrive - Company', 'OneDrive - Company/sesh'],
  ['com~apple~CloudDocs', 'Library/Mobile Documents/com~apple~CloudDocs/sesh'],
  ['Nextcloud', 'nextcloud/sesh'],
])('a store in %s is opened with a warning (T42)', async (_name, path) => {
  expect(await warnings(join(scratch(), path))).toEqual([
    expect.stringContaining('looks synchronized to other machines'),
  ]);
});

test('a store in a folder that Syncthing shares is opened with a warning (T42)', async () => {
  const root = scratch();
  mkdirSync(join(root, '.stfolder'));
  expect(await warnings(join(root, 'a', 'sesh'))).toEqual([expect.stringContaining(`lies in ${root}, which looks`)]);
});

test('a store in a git repository is opened with a warning, until git is told to leave it out (T42)', async () => {
  const root = scratch();
  mkdirSync(join(root, '.git'));
  const directory = join(root, 'data', 'sesh');
  const [warning = '', ...more] = await warnings(directory);
  expect(more).toEqual([]);
  expect(warning).toBe(
    `The store lies in the git repository ${root}. Keep it out of commits: echo '*' > ${join(directory, '.gitignore')}`,
  );
  writeFileSync(join(directory, '.gitignore'), '*\n');
  expect(await warnings(directory)).toEqual([]);
});

test('a store in a folder in which everybody may rename files is opened with a warning (T42)', async () => {
  const root = scratch();
  chmodSync(root, 0o777);
  expect(await warnings(join(root, 'sesh'))).toEqual([
    expect.stringContaining('Everybody can put another store in place'),
  ]);
  chmodSync(root, 0o1777);
  expect(await warnings(join(root, 'sesh'))).toEqual([]);
});

test('an ordinary store has nothing to say', async () =>
  expect(await warnings(join(scratch(), 'boxes', 'sesh'))).toEqual([]));
