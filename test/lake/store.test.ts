import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openStore, storeDirectory } from '../../src/lake/store.ts';
import { scratch } from './helpers/scratch.ts';

describe('the place of the store', () => {
  test.each([
    [{}, '/home/a/.local/share/sesh'],
    [{ XDG_DATA_HOME: '/data' }, '/data/sesh'],
    [{ XDG_DATA_HOME: 'data' }, '/home/a/.local/share/sesh'],
    [{ XDG_DATA_HOME: '/data', SESH_HOME: '/own' }, '/own'],
    [{ XDG_DATA_HOME: '', SESH_HOME: '' }, '/home/a/.local/share/sesh'],
  ])('%j is %s', (env, expected) => {
    expect(storeDirectory(env, '/home/a')).toBe(expected);
  });

  test('a relative SESH_HOME counts from the working directory', () => {
    expect(storeDirectory({ SESH_HOME: 'own' }, '/home/a')).toBe(resolve('own'));
  });
});

/** A folder on another disk than the scratch folders; none where there is one disk. */
const otherDisk = ['/dev/shm', import.meta.dirname].find(
  (folder) => existsSync(folder) && statSync(folder).dev !== statSync(tmpdir()).dev,
);

describe('opening', () => {
  test('a store that is not there yet is an error that says what to run', async () => {
    const directory = join(scratch(), 'none');
    await expect(openStore(directory, { create: false })).rejects.toMatchObject({
      name: 'SeshError',
      message: `No store yet at ${directory}. Run \`sesh sync\` first.`,
      exitCode: 1,
    });
    expect(existsSync(directory)).toBe(false);
  });

  test('a new store says its format and is opened again', async () => {
    const directory = join(scratch(), 'a', 'b');
    const store = await openStore(directory, { create: true });
    expect(readFileSync(join(directory, 'store.json'), 'utf8')).toBe('{"format":1}\n');
    expect({ ...store, tablePath: store.tablePath('raw') }).toEqual({
      directory,
      storeFile: join(directory, 'store.json'),
      tmp: join(directory, 'tmp'),
      cache: join(directory, 'cache'),
      lockPath: join(directory, 'lock.duckdb'),
      lockNotePath: join(directory, 'lock.json'),
      runLogPath: join(directory, 'runs.jsonl'),
      tablePath: join(directory, 'raw'),
      warnings: [],
    });
    expect((await openStore(directory, { create: false })).directory).toBe(directory);
  });

  test('a store of a newer sesh is refused, for reading too (F24)', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'store.json'), '{"format":2}');
    for (const create of [true, false]) {
      await expect(openStore(directory, { create })).rejects.toThrow('has format 2; this sesh knows format 1.');
    }
  });

  test.each(['', '{', '[]', '{"format":"1"}', '{"format":0}', '{"format":1.5}', 'null'])(
    'the store file %j is damaged',
    async (text) => {
      const directory = scratch();
      writeFileSync(join(directory, 'store.json'), text);
      await expect(openStore(directory, { create: true })).rejects.toThrow(
        `${join(directory, 'store.json')} is damaged.`,
      );
    },
  );

  test('a folder with something else in it is not taken over', async () => {
    const directory = scratch();
    mkdirSync(join(directory, 'tmp'));
    writeFileSync(join(directory, 'tmp', 'mine'), '');
    await expect(openStore(directory, { create: true })).rejects.toThrow('is not a sesh store, and it is not empty.');
    expect(readdirSync(directory)).toEqual(['tmp']);
  });

  test('a store whose making was cut short is made on the next run', async () => {
    const directory = scratch();
    writeFileSync(join(directory, '.sesh-0123456789abcdef.tmp'), '{"fo');
    await openStore(directory, { create: true });
    expect(readFileSync(join(directory, 'store.json'), 'utf8')).toBe('{"format":1}\n');
  });

  test('a store that many make at the same moment is made once, and all open it (F19)', async () => {
    for (let round = 0; round < 10; round += 1) {
      const directory = join(scratch(), 'store');
      const opened = await Promise.all(Array.from({ length: 8 }, () => openStore(directory, { create: true })));
      expect(opened.map((store) => store.directory)).toEqual(Array.from({ length: 8 }, () => directory));
    }
  });

  test('a store whose unfinished file a faster process cleared away is opened as that process made it (F19)', async () => {
    const directory = join(scratch(), 'store');
    vi.stubEnv('SESH_FAIL_AT', 'create:temp:8:ENOENT');
    try {
      await Promise.all(Array.from({ length: 8 }, () => openStore(directory, { create: true })));
    } finally {
      vi.unstubAllEnvs();
    }
    expect(readFileSync(join(directory, 'store.json'), 'utf8')).toBe('{"format":1}\n');
  });

  test('a store that others may read is opened with a warning', async () => {
    const directory = scratch();
    await openStore(directory, { create: true });
    chmodSync(directory, 0o755);
    expect((await openStore(directory, { create: false })).warnings).toEqual([
      `Others on this machine may read the store. Run: chmod 700 ${directory}`,
    ]);
  });

  test.runIf(otherDisk !== undefined)(
    'a table on another disk is refused before anything is written (F18)',
    async () => {
      const directory = scratch();
      await openStore(directory, { create: true });
      symlinkSync(otherDisk ?? '', join(directory, 'raw'));
      await expect(openStore(directory, { create: true })).rejects.toThrow('lie on different disks');
    },
  );
});
