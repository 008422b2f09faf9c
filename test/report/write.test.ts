import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { redactionKey } from '../../src/lake/redaction-key.ts';
import { chartName, writeReport } from '../../src/report/write.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sesh-report-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const report = { date: '2026-02-11', markdown: '# page\n', json: { sessions: 1 }, chart: null };

test('page and figures lie side by side, for the owner only', async () => {
  const directory = join(folder, 'new', 'reports');
  const written = await writeReport({ directory, ...report });
  expect(written).toEqual({
    markdownPath: join(directory, '2026-02-11.md'),
    jsonPath: join(directory, '2026-02-11.json'),
  });
  expect(await readFile(written.markdownPath, 'utf8')).toBe('# page\n');
  expect(await readFile(written.jsonPath, 'utf8')).toBe('{\n  "sessions": 1\n}\n');
  const modes = await Promise.all(
    [directory, written.markdownPath, written.jsonPath].map(async (path) => (await stat(path)).mode & 0o777),
  );
  expect(modes).toEqual([0o700, 0o600, 0o600]);
});

test('a second report of the day takes the place of the first, and nothing else is left', async () => {
  await writeReport({ directory: folder, ...report });
  await writeReport({ directory: folder, ...report, markdown: '# other\n' });
  expect((await readdir(folder)).toSorted()).toEqual(['2026-02-11.json', '2026-02-11.md']);
  expect(await readFile(join(folder, '2026-02-11.md'), 'utf8')).toBe('# other\n');
});

test('the picture lies beside the page under the same date', async () => {
  await writeReport({ directory: folder, ...report, chart: '<svg/>\n' });
  expect((await readdir(folder)).toSorted()).toEqual(['2026-02-11.json', '2026-02-11.md', '2026-02-11.svg']);
  expect(await readFile(join(folder, chartName('2026-02-11')), 'utf8')).toBe('<svg/>\n');
});

test('a link in the place of the page is replaced, not followed (T28)', async () => {
  const victim = join(folder, 'victim');
  await writeFile(victim, 'precious');
  await symlink(victim, join(folder, '2026-02-11.md'));
  await writeReport({ directory: folder, ...report });
  expect(await readFile(victim, 'utf8')).toBe('precious');
  expect(await readFile(join(folder, '2026-02-11.md'), 'utf8')).toBe('# page\n');
});

test('a folder in which everybody can change files is refused (T28)', async () => {
  await chmod(folder, 0o777);
  await expect(writeReport({ directory: folder, ...report })).rejects.toThrow(/Everybody can change files/);
  expect(await readdir(folder)).toEqual([]);
});

test.each(['../2026-02-11', '2026-2-1', ''])('%j is no date', async (date) => {
  await expect(writeReport({ directory: folder, ...report, date })).rejects.toThrow(/Expected a date/);
});

test('the key is made once and stays', async () => {
  const [first, second] = await Promise.all([redactionKey(folder), redactionKey(folder)]);
  expect(first).toHaveLength(32);
  expect(second).toEqual(first);
  expect(await redactionKey(folder)).toEqual(first);
  expect((await stat(join(folder, 'redaction.key'))).mode & 0o777).toBe(0o600);
});

test('a damaged key is refused, because other marks would look like other secrets', async () => {
  await writeFile(join(folder, 'redaction.key'), 'short');
  await expect(redactionKey(folder)).rejects.toThrow(/does not hold a key/);
});
