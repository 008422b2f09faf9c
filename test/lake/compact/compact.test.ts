import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readArchived } from '../../../src/lake/archive.ts';
import { readSourceId } from '../../../src/core/ids.ts';
import { checkStore } from '../../../src/lake/check.ts';
import { compactArchive, filesToCompact } from '../../../src/lake/compact/compact.ts';
import { WorkDuck } from '../../../src/lake/duck.ts';
import { readSnapshot } from '../../../src/lake/log.ts';
import { readState } from '../../../src/lake/log/snapshot.ts';
import { rawFilesFor } from '../../../src/lake/raw-files.ts';
import { storePaths } from '../../../src/lake/store.ts';
import { leftByKills } from '../../helpers/kills.ts';
import { bytesOf, scratch } from '../helpers/scratch.ts';
import { archiveOf, compact, daysOf, namesIn, rowsIn } from './helpers.ts';

const DAYS = 16;
const SOURCES = 3;
const shared = scratch();
const before = join(shared, 'before');
let names: readonly string[] = [];
let rows: readonly unknown[] = [];

beforeAll(async () => {
  await archiveOf(before, daysOf(DAYS, SOURCES));
  names = await namesIn(before);
  rows = await rowsIn(before, names);
});

function copyOf(directory: string): string {
  const copy = join(scratch(), 'store');
  cpSync(directory, copy, { recursive: true });
  return copy;
}

async function expectSameRows(directory: string): Promise<void> {
  expect(await rowsIn(directory, await namesIn(directory))).toEqual(rows);
}

/** Files are named by what they hold, so the names and bytes of an undisturbed run are its rows. */
async function expectHealed(directory: string, undisturbed: string): Promise<void> {
  expect([names, await namesIn(undisturbed)]).toContainEqual(await namesIn(directory));
  await compact(directory);
  expect(bytesOf(join(directory, 'raw'))).toEqual(bytesOf(join(undisturbed, 'raw')));
  expect(existsSync(join(directory, 'tmp', 'compact'))).toBe(false);
}

describe('files that syncs left', () => {
  test('become one, with the same rows byte for byte, the chunks of a source side by side', async () => {
    const store = copyOf(before);
    expect(names).toHaveLength(DAYS);
    expect(await compact(store)).toMatchObject({ oldFiles: DAYS, newFiles: 1, left: null, damaged: 0 });
    await expectSameRows(store);
    const { files } = await readSnapshot(join(store, 'raw'));
    expect(files).toHaveLength(1);
    expect(files[0]?.tags).toMatchObject({ zstd: '12' });
    const order = 'cluster, source_id, byte_offset';
    expect(await rowsIn(store, await namesIn(store), 'file_row_number')).toEqual(await rowsIn(store, names, order));
  });

  test('are written anew once: a second run does nothing and starts no engine', async () => {
    const store = copyOf(before);
    await compact(store);
    const after = bytesOf(store);
    const engines = vi.spyOn(WorkDuck, 'open');
    expect(await compact(store)).toMatchObject({ oldFiles: 0, newFiles: 0, left: null });
    expect(engines).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    expect(bytesOf(store)).toEqual(after);
    expect(filesToCompact((await readSnapshot(join(store, 'raw'))).files)).toEqual([]);
  });

  test('stay when time is up, for the next run', async () => {
    const store = copyOf(before);
    expect(await compact(store, () => false)).toMatchObject({ newFiles: 0, left: 'time' });
    expect(await namesIn(store)).toEqual(names);
    expect(await compact(store)).toMatchObject({ newFiles: 1, left: null });
  });

  test('that are damaged stay as they are, where doctor finds them, and the others go on', async () => {
    const store = copyOf(before);
    const [damaged = ''] = names;
    const bytes = readFileSync(join(store, 'raw', damaged));
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    writeFileSync(join(store, 'raw', damaged), bytes);
    // One file less would be too little to be worth while.
    await archiveOf(
      store,
      daysOf(2, 7).map((day) => day.map((chunk) => ({ ...chunk, offset: chunk.offset + 5000 }))),
    );
    expect(await compact(store)).toMatchObject({ oldFiles: DAYS + 1, newFiles: 1, damaged: 1 });
    expect(await namesIn(store)).toContain(damaged);
    const errors = (await checkStore(storePaths(store))).filter(({ level }) => level === 'error');
    expect(errors.map(({ where }) => where)).toEqual([`raw/${damaged}`]);
  });

  test('are not touched without the lock', async () => {
    const options = { now: new Date(), memoryBytes: 1, mayGoOn: () => true, advance: () => {} };
    await expect(compactArchive({ ...storePaths(before), warnings: [] }, options)).rejects.toThrow('to hold the lock');
  });
});

test('a chunk that a run which was cut short left in two files stays in both rows, and reads as one', async () => {
  const store = join(scratch(), 'store');
  const days = daysOf(DAYS, 1);
  const again = [...(days[3] ?? []), { source: 1, offset: 0, text: 'another' }];
  await archiveOf(store, [...days, again]);
  await compact(store);
  const snapshot = await readSnapshot(join(store, 'raw'));
  expect(snapshot.files.map(({ records }) => records)).toEqual([DAYS + 2]);
  const source = readSourceId('0'.repeat(16));
  const chunks = await WorkDuck.use({ folder: store }, async (duck) => {
    const read: string[] = [];
    const files = rawFilesFor(snapshot, join(store, 'raw'), [0]);
    for await (const { data } of readArchived(duck, files, source)) read.push(data.toString());
    return read;
  });
  expect(chunks).toEqual(days.flat().map(({ text }) => text));
});

test('readers of the version before go on reading: its files lie there until vacuum takes them', async () => {
  const store = copyOf(before);
  await compact(store);
  const { files } = await readState(join(store, 'raw'), DAYS - 1);
  expect([...files.keys()].sort()).toEqual([...names].sort());
  expect(await rowsIn(store, names)).toEqual(rows);
});

test('the log says that no row is another: a reader of changes has nothing to do', async () => {
  const store = copyOf(before);
  await compact(store);
  const lines = readFileSync(join(store, 'raw', '_delta_log', `${String(DAYS).padStart(20, '0')}.json`), 'utf8');
  expect(lines).toContain('"operation":"OPTIMIZE"');
  expect(lines.match(/"dataChange":false/g)).toHaveLength(DAYS + 1);
  expect(lines).not.toContain('"dataChange":true');
});

describe('whatever goes wrong', () => {
  test('a kill at any step leaves the same rows, and the next run ends where an undisturbed one would have (P6, F01)', async () => {
    const undisturbed = copyOf(before);
    await compact(undisturbed);
    const store = copyOf(before);
    const { left } = await leftByKills(store, async () => await compact(store));
    expect(left.size).toBeGreaterThan(8);
    for (const [moment, copy] of left) {
      await expectHealed(copy, undisturbed).catch((error: unknown) => {
        throw new Error(`Killed at ${moment}`, { cause: error });
      });
    }
  });

  test.each(['copy:before:1', 'copy:after:2', 'adopt:synced:1', 'create:temp:1'])(
    'a full disk at %s is told in one sentence and leaves the old state (F04)',
    async (step) => {
      const store = copyOf(before);
      vi.stubEnv('SESH_FAIL_AT', `${step}:ENOSPC`);
      await expect(compact(store)).rejects.toThrow(/^No space left on the disk for /);
      vi.unstubAllEnvs();
      expect(await namesIn(store)).toEqual(names);
      expect(existsSync(join(store, 'tmp', 'compact'))).toBe(false);
      await compact(store);
      await expectSameRows(store);
    },
  );
});
