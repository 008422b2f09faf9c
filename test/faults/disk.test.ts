import { appendFileSync, cpSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readSnapshot } from '../../src/lake/log.ts';
import type { Step } from '../../src/rehearsal/step.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, eventRows, soundEventFiles, syncStore } from '../helpers/store.ts';

const folder = scratchForFile();
const root = join(folder, 'projects');
const file = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
mkdirSync(root);
writeLines(file(1), turn(sessionNumber(1), 1));

/** The store after one sync; then one file grows and one is new. */
const before = join(folder, 'before');
const undisturbed = join(folder, 'undisturbed');
await syncStore({ store: before, roots: [root] });
appendFileSync(file(1), `${turn(sessionNumber(1), 2).join('\n')}\n`);
writeLines(file(2), turn(sessionNumber(2), 3));
cpSync(before, undisturbed, { recursive: true });
await syncStore({ store: undisturbed, roots: [root] });

afterEach(() => {
  delete process.env['SESH_FAIL_AT'];
});

const everyEvent = 'select event_id from events order by 1';

/** Fails once at each passing of the step; the store must be as before or as after, and the next sync must finish it. */
async function failEach(step: Step, errno: string, sentence: string): Promise<number> {
  const whole = [await eventFiles(before), await eventFiles(undisturbed)];
  let failed = 0;
  // Every passing would take minutes: the first two, then some of the rest.
  for (let n = 1; ; n += n < 2 ? 1 : 4) {
    const store = join(scratch(), 'store');
    cpSync(before, store, { recursive: true });
    process.env['SESH_FAIL_AT'] = `${step}:${n}:${errno}`;
    const failure = await syncStore({ store, roots: [root] }).then(
      () => null,
      (error: unknown) => error,
    );
    delete process.env['SESH_FAIL_AT'];
    expect(whole).toContainEqual(await soundEventFiles(store));
    const { problems } = await syncStore({ store, roots: [root] });
    expect(problems).toEqual([]);
    expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
    if (failure === null) return failed;
    failed += 1;
    expect(failure).toMatchObject({ name: 'SeshError', message: expect.stringContaining(sentence) });
  }
}

const inSync = ['write:before', 'create:before', 'copy:before', 'adopt:before', 'append:before', 'sync:file'] as const;

describe('a full disk', () => {
  test.each(inSync)('at any %s of a sync is told with what is free, and harms nothing (F04)', async (step) => {
    expect(await failEach(step, 'ENOSPC', 'No space left on the disk for ')).toBeGreaterThan(0);
  });
});

describe('a disk that fails', () => {
  test.each(['sync:file', 'sync:folder', 'adopt:synced', 'copy:after'] as const)(
    'at any %s of a sync ends the run, and nothing is published that is not safe (F07)',
    async (step) => {
      expect(await failEach(step, 'EIO', 'Could not write ')).toBeGreaterThan(0);
    },
  );

  test('is not asked again after it refused to sync a file (F07)', async () => {
    const store = join(scratch(), 'store');
    cpSync(before, store, { recursive: true });
    process.env['SESH_FAIL_AT'] = 'sync:file:2:EIO';
    await expect(syncStore({ store, roots: [root] })).rejects.toThrow(/^Could not write .*EIO/);
    expect(await eventRows(store, everyEvent)).toEqual(await eventRows(before, everyEvent));
  });
});

test('a disk that cannot sync folders is told once, and the sync goes on (F17)', async () => {
  const store = join(scratch(), 'store');
  process.env['SESH_FAIL_AT'] = 'sync:folder:1:EINVAL';
  const { warnings, problems } = await syncStore({ store, roots: [root] });
  expect(warnings).toEqual([
    'The disk of the store cannot sync folders: after a power cut the last run may be missing, never half there.',
  ]);
  expect(problems).toEqual([]);
  expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
});

/** A store whose first run failed after the archive's commit, and the root that it read. */
async function archivedOnly() {
  const store = join(scratch(), 'store');
  const copy = join(scratch(), 'projects');
  cpSync(root, copy, { recursive: true });
  process.env['SESH_FAIL_AT'] = 'adopt:before:2:EIO'; // the first are files of the archive, the second those of the events
  await expect(syncStore({ store, roots: [copy] })).rejects.toThrow('Could not write ');
  delete process.env['SESH_FAIL_AT'];
  expect((await readSnapshot(join(store, 'raw'))).files).toHaveLength(1);
  expect(await eventFiles(store)).toEqual([]);
  const files = [1, 2].map((n) => join(copy, '-home-ann-shop', `${sessionNumber(n)}.jsonl`));
  return { store, root: copy, files };
}

describe('bytes that a run archived before it failed are derived by the next one', () => {
  test('also when their file was touched meanwhile (P6)', async () => {
    const { store, root, files } = await archivedOnly();
    for (const path of files) utimesSync(path, new Date('2026-02-11'), new Date('2026-02-11'));
    const { problems, events } = await syncStore({ store, roots: [root] });
    expect({ problems, events }).toEqual({ problems: [], events: { derived: 9, kept: 9, duplicates: 0 } });
    const undisturbed = join(scratch(), 'store');
    await syncStore({ store: undisturbed, roots: [root] });
    expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
  });

  test('also when their file holds something else by now (P6, F29)', async () => {
    const { store, root, files } = await archivedOnly();
    for (const [index, path] of files.entries()) writeLines(path, turn(sessionNumber(index + 1), 70 + index));
    const { problems, events } = await syncStore({ store, roots: [root] });
    expect({ problems, events }).toEqual({ problems: [], events: { derived: 15, kept: 15, duplicates: 0 } });
    expect(await eventRows(store, everyEvent)).toHaveLength(15);
    expect((await syncStore({ store, roots: [root] })).files).toMatchObject({ unchanged: 2 });
  });
});
