import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Candidate, FixedKind } from '../../../src/report/issues/candidate.ts';
import { draftText } from '../../../src/report/issues/draft.ts';
import { writeDrafts, type WrittenDrafts } from '../../../src/report/issues/write.ts';
import { scratch } from '../../helpers/scratch.ts';
import { sampleReport } from '../sample.ts';
import { sampleCandidate } from './candidate.ts';

const report = sampleReport((place) => place);
const kind = (changed: Partial<Candidate> = {}): Candidate => sampleCandidate((place) => place, changed);
const write = (
  directory: string,
  candidates: readonly Candidate[],
  fixed: readonly FixedKind[] = [],
): Promise<WrittenDrafts> => writeDrafts(directory, { candidates, fixed }, report);
const FILE = 'permission-0a1b2c3d.md';

test('one file a kind, for the owner only, and the same name the next night', async () => {
  const directory = join(scratch(), 'new', 'drafts');
  const other = kind({ name: 'timeout-00000000' });
  expect(await write(directory, [kind(), other])).toEqual({
    written: [FILE, 'timeout-00000000.md'],
    fixed: [],
    kept: [],
  });
  await write(directory, [kind({ incidents: 40 })]);
  expect(readdirSync(directory).sort()).toEqual([FILE, 'timeout-00000000.md']);
  expect(readFileSync(join(directory, FILE), 'utf8')).toBe(draftText(kind({ incidents: 40 }), report));
  expect(statSync(join(directory, FILE)).mode & 0o077).toBe(0);
});

test('a draft that a person changed is left alone', async () => {
  const directory = scratch();
  await write(directory, [kind()]);
  const path = join(directory, FILE);
  const edited = readFileSync(path, 'utf8').replace('_Left to a person.', 'The disk was full.');
  writeFileSync(path, edited);
  expect(await write(directory, [kind({ incidents: 40 })])).toEqual({ written: [], fixed: [], kept: [FILE] });
  expect(readFileSync(path, 'utf8')).toBe(edited);
});

test('a kind that was fixed is marked once in its file, also where a person changed it, and gets no new file', async () => {
  const directory = scratch();
  await write(directory, [kind()]);
  const path = join(directory, FILE);
  writeFileSync(path, readFileSync(path, 'utf8').replace('_Left to a person.', 'The disk was full.'));
  const fixed = [
    { name: 'permission-0a1b2c3d', fixId: '84' },
    { name: 'timeout-00000000', fixId: '85' },
  ];
  expect(await write(directory, [], fixed)).toEqual({ written: [], fixed: [FILE], kept: [] });
  const marked = readFileSync(path, 'utf8');
  expect(marked.match(/^Status: .*$/gm)).toEqual(['Status: fixed (fix `84`)']);
  expect(marked).toContain('The disk was full.');
  await write(directory, [], fixed);
  expect(readFileSync(path, 'utf8')).toBe(marked);
  expect(readdirSync(directory)).toEqual([FILE]);
});

test('one that came back says so again', async () => {
  const directory = scratch();
  await write(directory, [kind()]);
  await write(directory, [], [{ name: 'permission-0a1b2c3d', fixId: '84' }]);
  await write(directory, [kind({ status: 'reopened', fixId: '84' })]);
  const text = readFileSync(join(directory, FILE), 'utf8');
  expect(text.match(/^Status: .*$/gm)).toEqual(['Status: reopened (fix `84`)']);
});

test('a link in the place of a draft is neither read nor written through (T28)', async () => {
  const directory = scratch();
  const victim = join(scratch(), 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(directory, FILE));
  await write(directory, [], [{ name: 'permission-0a1b2c3d', fixId: '84' }]);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  await write(directory, [kind()]);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(readFileSync(join(directory, FILE), 'utf8')).toBe(draftText(kind(), report));
});

test.each(['../outside-00000000', '/etc/x-00000000', 'permission-0a1b2c3d.md', 'a b-00000000', ''])(
  'a name such as %j is a mistake in the program, and nothing is written',
  async (name) => {
    const directory = scratch();
    mkdirSync(join(directory, 'in'));
    await expect(write(join(directory, 'in'), [kind({ name })])).rejects.toThrow(/Expected the name of a draft/);
    expect(readdirSync(directory, { recursive: true })).toEqual(['in']);
  },
);

test('a folder in which everybody can change files is refused (T28)', async () => {
  const directory = scratch();
  await chmod(directory, 0o777);
  await expect(write(directory, [kind()])).rejects.toThrow(/Everybody can change files/);
  expect(readdirSync(directory)).toEqual([]);
});
