import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { asObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { minute, promptLine, sessionNumber, turn, uuidNumber, writeLines } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { testMachine } from '../helpers/machine.ts';
import { eventFiles, syncStore, treeHashes } from '../helpers/store.ts';

/** Of tests that start the program several times or read much; on a busy machine that takes long. */
const SLOW_MS = 240_000;

describe('packed copies beside the originals', () => {
  test('are not counted twice, and those that have no original count (F35)', async () => {
    const { file, sync, rows } = testMachine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    writeFileSync(`${file(1)}.gz`, gzipSync(readFileSync(file(1))));
    writeLines(file(2), [...turn(sessionNumber(2), 9), ...turn(sessionNumber(2), 10)]);
    writeFileSync(`${file(2)}.1.gz`, gzipSync(`${turn(sessionNumber(2), 9).join('\n')}\n`));
    writeFileSync(`${file(3)}.gz`, gzipSync(`${turn(sessionNumber(3), 20).join('\n')}\n`));
    const { events, problems, files } = await sync();
    expect([problems, files.unreadable]).toEqual([[], 0]);
    expect(events.kept).toBe(12);
    expect(await rows(`select session_id, count(*)::int as rows from events group by all order by all`)).toEqual([
      { session_id: sessionNumber(1), rows: 3 },
      { session_id: sessionNumber(2), rows: 6 },
      { session_id: sessionNumber(3), rows: 3 },
    ]);
  });

  test(
    'that unpack to more than any transcript are one quarantined file, and the others are read (F35, F59)',
    { timeout: SLOW_MS },
    async () => {
      const { store, root, file, rows } = testMachine();
      writeLines(file(1), turn(sessionNumber(1), 1));
      writeFileSync(`${file(2)}.gz`, gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)));
      writeFileSync(`${file(3)}.zst`, Buffer.from('no archive'));
      utimesSync(`${file(3)}.zst`, new Date('2026-02-09'), new Date('2026-02-09'));
      const { lines, problems } = await syncStore({ store, roots: [], env: { CLAUDE_CONFIG_DIR: dirname(root) } });
      expect([problems, lines.quarantined, lines.records]).toEqual([[], 2, 2]);
      expect(await rows('select count(*)::int as rows from events')).toEqual([{ rows: 3 }]);
    },
  );
});

describe('packed files that are damaged', () => {
  test('are named and counted, also where no path says whose they are (F35, F40)', async () => {
    const { root, file, sync } = testMachine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    const packed = gzipSync(`${turn(sessionNumber(2), 9).join('\n')}\n`);
    mkdirSync(join(root, 'backup'));
    writeFileSync(join(root, 'backup', 'cut.jsonl.gz'), packed.subarray(0, packed.length / 2));
    writeFileSync(join(root, 'backup', 'other.jsonl.zst'), 'no archive');
    writeFileSync(join(root, 'backup', 'bomb.json.gz'), gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)));
    writeFileSync(join(root, 'backup', 'notes.txt.gz'), 'of no transcript');
    const { files, skipped } = await sync();
    expect(files).toMatchObject({ seen: 1, unreadable: 3 });
    const place = join(root, 'backup');
    expect(skipped.map(({ reason }) => reason)).toEqual([
      `${place}/bomb.json.gz is packed, and too large to be looked into.`,
      `${place}/cut.jsonl.gz is packed, and is damaged or was cut off.`,
      `${place}/other.jsonl.zst is packed, and is damaged or was cut off.`,
    ]);
  });
});

describe('a place that is not there any more', () => {
  test('is a problem when it is the root, and its sessions stay; they are gone when only their folder is (F36)', async () => {
    const { store, root, file, sync } = testMachine();
    const env = { CLAUDE_CONFIG_DIR: dirname(root) };
    writeLines(file(1), turn(sessionNumber(1), 1));
    writeLines(file(2, '-home-ann-lab'), turn(sessionNumber(2), 9));
    await syncStore({ store, roots: [], env });
    const before = await eventFiles(store);
    rmSync(dirname(file(2, '-home-ann-lab')), { recursive: true });
    expect((await syncStore({ store, roots: [], env })).files).toMatchObject({ seen: 1, gone: 1 });
    rmSync(root, { recursive: true });
    const unmounted = await syncStore({ store, roots: [], env });
    expect(unmounted.files).toMatchObject({ seen: 0, gone: 0 });
    expect(unmounted.problems).toHaveLength(1);
    await expect(sync()).rejects.toThrow(/does not exist/);
    expect(await eventFiles(store)).toEqual(before);
  });
});

describe('what may not be read', () => {
  /** The built program as a user who is not the owner: root reads everything. */
  async function runAsNobody(
    machine: string,
    args: readonly string[],
  ): Promise<{ code: number; json: Json; answer: JsonObject }> {
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(process.execPath, [join(repository, 'dist', 'cli.js'), ...args], {
      env: { HOME: join(machine, 'home'), SESH_HOME: join(machine, 'store'), TZ: 'UTC' },
      ...nobody,
    });
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code]: unknown[] = await ended;
    if (stdout === '') throw new Error(stderr);
    const json: Json = JSON.parse(stdout);
    return { code: Number(code), json, answer: asObject(json) ?? {} };
  }

  test(
    'is counted and named, ends with code 3, and what was read of it before stays (F40)',
    { timeout: SLOW_MS },
    async () => {
      const machine = mkdtempSync(join(tmpdir(), 'sesh-nobody-'));
      onTestFinished(() => rmSync(machine, { recursive: true }));
      const projects = join(machine, 'home', '.claude', 'projects', '-home-ann-shop');
      const file = (n: number): string => join(projects, `${sessionNumber(n)}.jsonl`);
      writeLines(file(1), turn(sessionNumber(1), 1));
      writeLines(file(2), turn(sessionNumber(2), 9));
      writeLines(file(3), turn(sessionNumber(3), 20));
      if (process.getuid?.() === 0) {
        for (const path of [machine, join(machine, 'home')]) chownSync(path, 65_534, 65_534);
      }
      chmodSync(file(3), 0o000);
      const first = await runAsNobody(machine, ['sync', '--json']);
      expect(first.code).toBe(3);
      expect(first.answer['files']).toMatchObject({ seen: 3, new: 2, unreadable: 1 });
      expect(first.answer['skipped']).toEqual([{ path: file(3), reason: `${file(3)} cannot be opened (EACCES).` }]);
      chmodSync(file(2), 0o000);
      utimesSync(file(2), new Date('2026-02-12'), new Date('2026-02-12'));
      const second = await runAsNobody(machine, ['sync', '--json']);
      expect([second.code, asObject(second.answer['files'])?.['unreadable']]).toEqual([3, 2]);
      const { json } = await runAsNobody(machine, ['sql', '--json', 'select count(*)::int as n from sessions']);
      expect(json).toEqual([{ n: 2 }]);
      chmodSync(file(3), 0o644);
      const third = await runAsNobody(machine, ['sync', '--json']);
      expect(asObject(third.answer['files'])).toMatchObject({ new: 1, unreadable: 1 });
    },
  );
});

test('pipes, sockets, devices, folders and links that are named like transcripts are passed by, and nothing hangs (F41)', async ({
  skip,
}) => {
  skip(process.platform === 'win32', 'no such files on Windows');
  const { root, file, sync } = testMachine();
  writeLines(file(1), turn(sessionNumber(1), 1));
  const folder = dirname(file(1));
  execFileSync('mkfifo', [file(2)]);
  const server = createServer();
  server.listen(join(root, 's.jsonl'));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  mkdirSync(file(3));
  symlinkSync('/dev/zero', file(4));
  symlinkSync(folder, join(folder, 'loop'));
  symlinkSync('..', join(folder, 'up.jsonl'));
  const outside = join(dirname(root), 'outside.jsonl');
  writeLines(outside, turn(sessionNumber(5), 50));
  symlinkSync(outside, file(5));
  symlinkSync('/nowhere', file(6));
  const { files, events, problems } = await sync();
  expect(files).toMatchObject({ seen: 1, new: 1, unreadable: 0 });
  expect([events.kept, problems]).toEqual([3, []]);
});

describe('names and times of other file systems', () => {
  test('a path is its bytes: composed and decomposed names, and names that differ by case, are files of their own, with a warning (F42)', async ({
    skip,
  }) => {
    const { root, sync, rows } = testMachine();
    const names = ['caf\u00e9', 'cafe\u0301', 'Shop', 'shop'];
    names.forEach((name, n) =>
      writeLines(join(root, name, `${sessionNumber(n)}.jsonl`), turn(sessionNumber(n), 20 * n)),
    );
    skip(
      !existsSync(join(root, 'Shop', `${sessionNumber(2)}.jsonl`)),
      'this file system does not tell such names apart',
    );
    const { files, warnings } = await sync();
    expect(files).toMatchObject({ seen: 4, new: 4 });
    expect(warnings).toContain(
      `${join(root, 'cafe\u0301')} and ${join(root, 'caf\u00e9')}, and 1 more, differ only in capitals or accents: each is read as its own, where some disks keep only one.`,
    );
    expect((await sync()).files).toMatchObject({ seen: 4, unchanged: 4 });
    expect(await rows('select count(distinct source_id)::int as sources from events')).toEqual([{ sources: 4 }]);
  });

  test('a file whose time lies in the future or before 1970 is read once, and again only when it changes (F42)', async () => {
    const { store, file, sync } = testMachine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    writeLines(file(2), turn(sessionNumber(2), 9));
    utimesSync(file(1), new Date('2100-01-01'), new Date('2100-01-01'));
    utimesSync(file(2), -1000, -1000);
    expect((await sync()).files).toMatchObject({ new: 2 });
    const before = treeHashes(store);
    expect((await sync()).files).toMatchObject({ unchanged: 2 });
    expect(treeHashes(store)).toEqual(before);
  });
});

test('twice the files and lines cost about twice the time (F38)', { timeout: SLOW_MS }, async () => {
  const cost = async (files: number, lines: number): Promise<number> => {
    const { root, sync } = testMachine();
    const long = join(root, '-home-ann-long', `${sessionNumber(999_999)}.jsonl`);
    const at = (n: number) => ({
      session: sessionNumber(999_999),
      uuid: uuidNumber(1_000_000 + n),
      at: minute(n / 60),
    });
    writeLines(
      long,
      Array.from({ length: lines }, (_, n) => promptLine(at(n), `line ${n}`)),
    );
    for (let n = 0; n < files; n += 1) {
      writeLines(join(root, `-home-ann-${n % 50}`, `${sessionNumber(n)}.jsonl`), [
        promptLine({ ...at(n), session: sessionNumber(n), uuid: uuidNumber(n) }, 'x'),
      ]);
    }
    const begun = process.cpuUsage();
    const { events, problems } = await sync();
    const { user, system } = process.cpuUsage(begun);
    expect([events.kept, problems]).toEqual([files + lines, []]);
    return (user + system) / 1e6;
  };
  await cost(10, 10);
  const [small, large] = [await cost(150, 2000), await cost(600, 8000)];
  // Four times the work; sixteen times the time would be quadratic.
  expect(large / small).toBeLessThan(8);
});

test('a copy of a collected tree beside the first one gives no event twice (F34)', async () => {
  const { root, file, sync } = testMachine();
  writeLines(file(1), turn(sessionNumber(1), 1));
  await sync();
  const backup = join(root, 'backup-2026', 'projects', '-home-ann-shop', `${sessionNumber(1)}.jsonl`);
  mkdirSync(dirname(backup), { recursive: true });
  copyFileSync(file(1), backup);
  expect((await sync()).events).toEqual({ derived: 6, kept: 3, duplicates: 3 });
});
