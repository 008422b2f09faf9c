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
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  adoptFile,
  adoptFiles,
  appendLine,
  makeDirectory,
  removeFile,
  removeTree,
  writeCacheFile,
  writeFileDurably,
  writeFileIfAbsent,
} from '../../src/lake/files.ts';
import { compileLake } from './helpers/compiled.ts';
import { ended, runChild, startChild } from './helpers/child.ts';
import { scratch } from './helpers/scratch.ts';

const lake = compileLake();

afterEach(() => {
  delete process.env['SESH_FAIL_AT'];
});

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe('writing', () => {
  test('a written file holds the text, replaces the old one, and leaves nothing else in the folder', async () => {
    const folder = scratch();
    await writeFileDurably(join(folder, 'a.json'), 'old');
    await writeFileDurably(join(folder, 'a.json'), 'new');
    await writeCacheFile(join(folder, 'b.json'), new Uint8Array([0x68, 0x69]));
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toBe('hi');
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'b.json']);
  });

  test('a file that exists is not written again, and the caller is told', async () => {
    const folder = scratch();
    expect(await writeFileIfAbsent(join(folder, 'a'), 'first')).toBe(true);
    expect(await writeFileIfAbsent(join(folder, 'a'), 'second')).toBe(false);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('a dangling link counts as an existing file, so nothing is written through it (T28)', async () => {
    const folder = scratch();
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'a'));
    expect(await writeFileIfAbsent(join(folder, 'a'), 'text')).toBe(false);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });

  test.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EACCES'])(
    'a disk without hard links (%s) still keeps the first of two',
    async (errno) => {
      const folder = scratch();
      process.env['SESH_FAIL_AT'] = `create:temp:1:${errno}`;
      expect(await writeFileIfAbsent(join(folder, 'a'), 'first')).toBe(true);
      process.env['SESH_FAIL_AT'] = `create:temp:01:${errno}`; // another text: the count begins anew
      expect(await writeFileIfAbsent(join(folder, 'a'), 'second')).toBe(false);
      expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('first');
      expect(readdirSync(folder)).toEqual(['a']);
    },
  );

  test('a line that was cut short by a crash does not swallow the next one', async () => {
    const log = join(scratch(), 'runs.jsonl');
    await appendLine(log, '{"run":1}');
    writeFileSync(log, '{"run":1}\n{"ru');
    await appendLine(log, '{"run":3}');
    expect(readFileSync(log, 'utf8')).toBe('{"run":1}\n{"ru\n{"run":3}\n');
  });

  test('adopted files are moved into folders that need not exist yet', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'one'), '1');
    writeFileSync(join(folder, 'two'), '2');
    await adoptFiles([
      { from: join(folder, 'one'), to: join(folder, 'x', 'y', '1') },
      { from: join(folder, 'two'), to: join(folder, 'x', '2') },
    ]);
    expect(readdirSync(folder)).toEqual(['x']);
    expect(readFileSync(join(folder, 'x', 'y', '1'), 'utf8')).toBe('1');
    expect(readFileSync(join(folder, 'x', '2'), 'utf8')).toBe('2');
  });

  test('removing follows no link and is content with what is gone', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'kept'));
    writeFileSync(join(folder, 'kept', 'file'), '');
    mkdirSync(join(folder, 'tree', 'deep'), { recursive: true });
    symlinkSync(join(folder, 'kept'), join(folder, 'tree', 'deep', 'link'));
    await removeTree(join(folder, 'tree'));
    await removeTree(join(folder, 'tree'));
    await removeFile(join(folder, 'never'));
    expect(readdirSync(folder)).toEqual(['kept']);
    expect(readdirSync(join(folder, 'kept'))).toEqual(['file']);
  });
});

describe('permissions', () => {
  test.each(['000', '022', '077'])('files are 0600 and folders 0700 under umask %s', (umask) => {
    const folder = scratch();
    const child = runChild('modes.mjs', [lake, folder, umask]);
    expect(child.stderr).toBe('');
    const modes = ['made', 'made/deep', 'durable', 'absent', 'cache', 'line', 'made/adopted'].map((name) => [
      name,
      modeOf(join(folder, name)),
    ]);
    expect(Object.fromEntries(modes)).toEqual({
      made: '700',
      'made/deep': '700',
      durable: '600',
      absent: '600',
      cache: '600',
      line: '600',
      'made/adopted': '600',
    });
  });
});

describe('failures', () => {
  test.each([
    ['write:temp:1:ENOSPC', 'No space left on the disk for '],
    ['write:temp:1:EDQUOT', 'No space left on the disk for '],
    ['write:before:1:EROFS', 'No permission to write '],
    ['write:renamed:1:EIO', 'Could not write '],
  ])('%s becomes a sentence that names the path, and no temporary file stays (F04, F07)', async (fault, sentence) => {
    const folder = scratch();
    process.env['SESH_FAIL_AT'] = fault;
    await expect(writeFileDurably(join(folder, 'a'), 'text')).rejects.toMatchObject({
      name: 'SeshError',
      message: expect.stringContaining(`${sentence}${join(folder, 'a')}`),
      exitCode: 1,
    });
    expect(readdirSync(folder).filter((name) => name !== 'a')).toEqual([]);
  });

  test('a failure before the rename leaves the old bytes (F04)', async () => {
    const path = join(scratch(), 'a');
    await writeFileDurably(path, 'old');
    process.env['SESH_FAIL_AT'] = 'write:temp:1:ENOSPC';
    await expect(writeFileDurably(path, 'new')).rejects.toThrow('No space left');
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  test('a failing sync moves nothing to its place (F07)', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'one'), '1');
    process.env['SESH_FAIL_AT'] = 'adopt:synced:1:EIO';
    await expect(adoptFile(join(folder, 'one'), join(folder, 'x', '1'))).rejects.toThrow('Could not write');
    expect(readdirSync(folder).sort()).toEqual(['one', 'x']);
    expect(readdirSync(join(folder, 'x'))).toEqual([]);
  });

  test.runIf(process.getuid?.() !== 0)('a read-only folder is named', async () => {
    const folder = scratch();
    chmodSync(folder, 0o500);
    await expect(makeDirectory(join(folder, 'x'))).rejects.toThrow(`No permission to write ${join(folder, 'x')}.`);
    chmodSync(folder, 0o700);
  });

  test.runIf(existsSync('/dev/shm'))('a move to another disk is refused with the reason (F18)', async () => {
    const folder = scratch();
    if (statSync('/dev/shm').dev === statSync(folder).dev) return;
    writeFileSync(join(folder, 'one'), '1');
    const to = join('/dev/shm', `sesh-test-${process.pid}`, '1');
    await expect(adoptFile(join(folder, 'one'), to)).rejects.toThrow('lie on different disks');
    await removeTree(join('/dev/shm', `sesh-test-${process.pid}`));
    expect(readFileSync(join(folder, 'one'), 'utf8')).toBe('1');
  });
});

describe('rehearsed faults', () => {
  test('the process is killed the n-th time that it comes to a step', () => {
    const folder = scratch();
    const child = runChild('modes.mjs', [lake, folder, '022'], { SESH_CRASH_AT: 'mkdir:after:2' });
    expect(child.signal).toBe('SIGKILL');
    expect(readdirSync(folder)).toEqual(['made']);
  });

  test.each(['write', 'write:temp', 'write:temp:x', 'nothing:before:1', 'write:temp:1:ENOSPC'])(
    'the crash point %j is refused',
    (text) => {
      const child = runChild('modes.mjs', [lake, scratch(), '022'], { SESH_CRASH_AT: text });
      expect(child.code).toBe(1);
      expect(child.stderr).toContain(`Expected SESH_CRASH_AT to be such as write:temp:1`);
    },
  );
});

test('two processes that create the same names share them out: each name goes to one', async () => {
  const folder = scratch();
  const startAt = String(Date.now() + 700);
  const racers = ['a', 'b'].map((name) => startChild('create.mjs', [lake, folder, name, '40', startAt]));
  const lines = await Promise.all(racers.map(async ({ line }) => await line));
  await Promise.all(racers.map(async ({ child }) => await ended(child)));
  const winners = Array.from({ length: 40 }, (_, index) =>
    ['a', 'b'].filter((_name, racer) => lines[racer]?.[index] === '1'),
  );
  expect(winners).toEqual(winners.map((_, index) => [readFileSync(join(folder, String(index)), 'utf8')]));
});
