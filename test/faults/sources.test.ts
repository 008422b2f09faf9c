import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore } from '../helpers/store.ts';

const folder = scratchForFile();
const root = join(folder, 'projects');
const file = (n: number): string => join(root, `-home-ann-${n}`, `${sessionNumber(n)}.jsonl`);
mkdirSync(root);
for (const n of [1, 2, 3]) writeLines(file(n), turn(sessionNumber(n), n));
const undisturbed = join(folder, 'undisturbed');
await syncStore({ store: undisturbed, roots: [root] });

afterEach(() => {
  delete process.env['SESH_FAIL_AT'];
});

const sessions = 'select distinct session_id from events order by 1';

/** Fails at the first, second, ... time that the step is passed, until a sync passes it less often; the summaries of the failed syncs. */
async function failEach(step: string, errno: string) {
  const failed: Awaited<ReturnType<typeof syncStore>>[] = [];
  for (let n = 1; ; n += 1) {
    const store = join(scratch(), 'store');
    process.env['SESH_FAIL_AT'] = `${step}:${n}:${errno}`;
    const summary = await syncStore({ store, roots: [root] });
    delete process.env['SESH_FAIL_AT'];
    expect(await eventRows(store, sessions)).toHaveLength(summary.files.new);
    await syncStore({ store, roots: [root] });
    expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
    if (summary.files.new === 3) return failed;
    failed.push(summary);
  }
}

describe('a source that fails costs that source, is told, and is read by the next sync', () => {
  test.each([
    ['open:before', 'EIO'],
    ['open:before', 'EACCES'],
    ['look:before', 'EIO'],
    ['read:before', 'EIO'],
  ])('%s: %s (F06, F40)', async (step, errno) => {
    const failed = await failEach(step, errno);
    expect(failed.length).toBeGreaterThan(2);
    for (const { files, skipped, problems } of failed) {
      expect(files.new).toBe(2);
      expect(skipped).toEqual([expect.objectContaining({ reason: expect.stringContaining(errno) })]);
      expect(problems).toEqual([]);
    }
  });

  test('a folder that cannot be listed is told, and none of its files is called gone (F06, F40)', async () => {
    const store = join(scratch(), 'store');
    await syncStore({ store, roots: [root] });
    process.env['SESH_FAIL_AT'] = 'list:before:2:EACCES';
    const summary = await syncStore({ store, roots: [root] });
    expect(summary.skipped).toEqual([{ path: expect.stringContaining('-home-ann-'), reason: 'EACCES' }]);
    expect(summary.files).toMatchObject({ seen: 2, unchanged: 2, gone: 0, unreadable: 1 });
    expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
  });
});

test.each([
  ['open:before', 2],
  ['look:before', 2],
  ['read:before', 2],
  ['list:before', 2],
])(
  'a handle of a network disk that is stale at %s costs one source or folder, which the next sync reads (F42)',
  async (step, at) => {
    const store = join(scratch(), 'store');
    process.env['SESH_FAIL_AT'] = `${step}:${at}:ESTALE`;
    const { files, skipped, problems } = await syncStore({ store, roots: [root] });
    delete process.env['SESH_FAIL_AT'];
    expect({ read: files.new, unreadable: files.unreadable, problems }).toEqual({
      read: 2,
      unreadable: 1,
      problems: [],
    });
    expect(skipped).toEqual([expect.objectContaining({ reason: expect.stringContaining('ESTALE') })]);
    await syncStore({ store, roots: [root] });
    expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
  },
);

describe('a source that goes between two looks at it', () => {
  test.each([
    ['open:before', 'unreadable'],
    ['look:before', 'unreadable or not seen'],
  ])('at %s costs that source and is %s (F37)', async (step) => {
    const failed = await failEach(step, 'ENOENT');
    expect(failed.length).toBeGreaterThan(2);
    for (const { files, problems } of failed) {
      expect(files.new).toBe(2);
      expect(problems).toEqual([]);
    }
  });
});
