import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, linkSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { restoreSource } from '../../src/lake/restore.ts';
import { openStore } from '../../src/lake/store.ts';
import { minute, promptLine, replyLine, sessionNumber, turn, uuidNumber, writeLines } from '../helpers/claude.ts';
import { testMachine, type TestMachine } from '../helpers/machine.ts';
import { eventFiles, syncStore, treeHashes } from '../helpers/store.ts';

/** Of tests that sync many times; on a busy machine a sync takes seconds. */
const SLOW_MS = 240_000;

/** Appends numbered records for some seconds, in pieces that seldom end where a line does. */
const appender = `
  const fs = require('node:fs');
  const [file, line, count] = process.argv.slice(1);
  const whole = Array.from({ length: Number(count) }, (_, n) =>
    line.replaceAll('NUMBER', String(n).padStart(12, '0')) + '\\n').join('');
  for (let at = 0, size = 1; at < whole.length; at += size, size = 1 + ((size * 7919) % 16381)) {
    fs.appendFileSync(file, whole.slice(at, at + size));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }`;

test(
  'a file that grows by 10,000 lines while it is synced again and again gives every line exactly once (F26)',
  { timeout: SLOW_MS },
  async () => {
    const { file, sync, rows } = testMachine();
    const line = promptLine(
      { session: sessionNumber(1), uuid: 'aaaaaaaa-0000-4000-8000-NUMBER', at: minute(1) },
      'NUMBER',
    );
    writeLines(file(1), [], '');
    const writer = spawn(process.execPath, ['-e', appender, file(1), line, '10000'], { stdio: 'inherit' });
    const ended = once(writer, 'exit');
    let syncs = 0;
    do {
      const { problems, lines } = await sync();
      expect([problems, lines.quarantined, lines.salvaged]).toEqual([[], 0, 0]);
      syncs += 1;
    } while (writer.exitCode === null || syncs < 2);
    expect(await ended).toEqual([0, null]);
    await sync();
    expect(
      await rows(`select count(*)::int as rows, count(distinct text)::int as texts, min(text) as first, max(text) as last,
      count(*) filter (where flags is not null)::int as flagged from events`),
    ).toEqual([{ rows: 10_000, texts: 10_000, first: '000000000000', last: '000000009999', flagged: 0 }]);
  },
);

test(
  'a last line that is cut at any of its bytes waits, and is one event when its rest is there (F27)',
  { timeout: SLOW_MS },
  async () => {
    const { store, root, file, sync, rows } = testMachine();
    const line = (n: number): string =>
      `${promptLine({ session: sessionNumber(n), uuid: uuidNumber(n), at: minute(1) }, 'ü 😀 "}\\')}\n`;
    const length = Buffer.byteLength(line(1));
    for (let cut = 0; cut <= length; cut += 1)
      writeLines(file(cut), [], Buffer.from(line(cut)).toString('latin1').slice(0, cut));
    for (let cut = 0; cut <= length; cut += 1) writeFileSync(file(cut), Buffer.from(line(cut)).subarray(0, cut));
    const first = await sync();
    // Without its line feed the record is whole.
    expect(first.events.derived).toBe(2);
    expect([first.lines.quarantined, first.lines.salvaged, first.files.unreadable]).toEqual([0, 0, 0]);
    expect(first.bytes).toMatchObject({ archived: 2 * length - 1, pending: ((length - 2) * (length - 1)) / 2 });
    for (let cut = 0; cut <= length; cut += 1) appendFileSync(file(cut), Buffer.from(line(cut)).subarray(cut));
    const second = await sync();
    expect([second.lines.quarantined, second.lines.salvaged, second.bytes.pending]).toEqual([0, 0, 0]);
    expect(
      await rows(`select count(*)::int as rows, count(distinct session_id)::int as sessions,
      count(*) filter (where text = 'ü 😀 "}\\')::int as whole from events`),
    ).toEqual([{ rows: length + 1, sessions: length + 1, whole: length + 1 }]);
    const once = `${store}-once`;
    await syncStore({ store: once, roots: [root] });
    expect(await eventFiles(store)).toEqual(await eventFiles(once));
  },
);

describe('a last line without its line feed', () => {
  const torn = '{"type":"user","mess';

  test('of a file that was deleted stays counted as pending, and what was whole stays (F28, F36)', async () => {
    const { file, sync, rows } = testMachine();
    writeLines(file(1), [...turn(sessionNumber(1), 1), torn], '');
    await sync();
    rmSync(file(1));
    expect((await sync()).files).toMatchObject({ gone: 1 });
    expect(await rows('select count(*)::int as rows from events')).toEqual([{ rows: 3 }]);
  });

  test('of a file that nobody touched for a day is read as it is and flagged (F28)', async () => {
    const { file, sync, rows } = testMachine();
    writeLines(file(1), turn(sessionNumber(1), 1), '');
    writeLines(file(2), [...turn(sessionNumber(2), 9), torn], '');
    for (const n of [1, 2]) utimesSync(file(n), new Date('2026-02-09'), new Date('2026-02-09'));
    const { bytes, lines } = await sync();
    expect([bytes.pending, lines.quarantined]).toEqual([0, 1]);
    expect(await rows(`select distinct flags from events where flags is not null`)).toEqual([
      { flags: 'unterminated' },
    ]);
  });
});

/** The bytes that the store would give back, generation by generation. */
async function restored({ store }: TestMachine, path: string): Promise<string> {
  const parts: Uint8Array[] = [];
  const { chunks } = await restoreSource(await openStore(store, { create: false }), path);
  for await (const part of chunks) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('a file that is rewritten in place with as many bytes and the same time', () => {
  const before = turn(sessionNumber(1), 1)
    .map((line) => `${line}\n`)
    .join('');
  const after = before.replaceAll('do step 1', 'do step 7').replaceAll(uuidNumber(2), uuidNumber(7));
  const time = new Date('2026-02-10');

  async function rewritten(): Promise<TestMachine> {
    const machine = testMachine();
    writeLines(machine.file(1), [before], '');
    utimesSync(machine.file(1), time, time);
    await machine.sync();
    writeFileSync(machine.file(1), after);
    utimesSync(machine.file(1), time, time);
    expect(Buffer.byteLength(after)).toBe(Buffer.byteLength(before));
    return machine;
  }
  const prompts = `select text from events where kind = 'prompt' order by text`;

  test('is noticed when it grows, and both versions stay (F31)', async () => {
    const machine = await rewritten();
    appendFileSync(machine.file(1), `${turn(sessionNumber(1), 3).join('\n')}\n`);
    expect((await machine.sync()).files).toMatchObject({ replaced: 1 });
    expect((await machine.rows(prompts)).map(({ text }) => text)).toEqual(['do step 1', 'do step 3', 'do step 7']);
  });

  test.each([
    ['by a full sync', { full: true }],
    ['by the sync of a night', { recheck: true }],
  ])('is noticed %s, and both versions stay (F31)', async (_which, how) => {
    const machine = await rewritten();
    expect((await machine.sync()).files).toMatchObject({ unchanged: 1 });
    expect((await machine.sync(how)).files).toMatchObject({ replaced: 1 });
    expect((await machine.rows(prompts)).map(({ text }) => text)).toEqual(['do step 1', 'do step 7']);
    expect(await restored(machine, machine.file(1))).toBe(after);
    const files = treeHashes(machine.store);
    expect((await machine.sync()).files).toMatchObject({ unchanged: 1 });
    expect(treeHashes(machine.store)).toEqual(files);
    expect((await machine.sync(how)).files).toMatchObject({ unchanged: 1, new: 0, replaced: 0 });
  });
});

test('a file that is deleted and made again with the same inode is another generation (F32)', async () => {
  const { store, file, sync, rows } = testMachine();
  writeLines(file(1), turn(sessionNumber(1), 1));
  const { ino } = statSync(file(1));
  await sync();
  // Not every file system gives an inode to the next file: a second name keeps it until the file is made again.
  linkSync(file(1), `${store}-inode`);
  rmSync(file(1));
  renameSync(`${store}-inode`, file(1));
  writeLines(file(1), [...turn(sessionNumber(1), 5), ...turn(sessionNumber(1), 6)]);
  expect(statSync(file(1)).ino).toBe(ino);
  expect((await sync()).files).toMatchObject({ replaced: 1, grown: 0, new: 0 });
  expect(await rows(`select count(*)::int as prompts from events where kind = 'prompt'`)).toEqual([{ prompts: 3 }]);
});

test('a project folder that was renamed gives no event twice, and both paths stay known (F33)', async () => {
  const { file, sync, rows } = testMachine();
  writeLines(file(1), turn(sessionNumber(1), 1));
  writeLines(file(2), turn(sessionNumber(2), 9));
  await sync();
  const all = 'select event_id, session_id, text from events order by all';
  const before = await rows(all);
  renameSync(dirname(file(1)), dirname(file(1, '-home-ann-store')));
  const moved = await sync();
  expect(moved.files).toMatchObject({ seen: 2, new: 2, gone: 2 });
  expect(moved.events).toMatchObject({ kept: 6, duplicates: 6 });
  expect(await rows(all)).toEqual(before);
  appendFileSync(file(1, '-home-ann-store'), `${turn(sessionNumber(1), 3).join('\n')}\n`);
  await sync();
  expect(await rows('select count(*)::int as rows, count(distinct event_id)::int as ids from events')).toEqual([
    { rows: 9, ids: 9 },
  ]);
});

test('a file that vanishes between the look at the folder and its opening is counted, and the others are read (F37)', async () => {
  const { store, root, file } = testMachine();
  writeLines(file(1), turn(sessionNumber(1), 1));
  writeLines(file(2), turn(sessionNumber(2), 9));
  const summary = await syncStore({
    store,
    roots: [root],
    onStage: (stage) => {
      if (stage === 'Reading') rmSync(file(1));
    },
  });
  expect(summary.files).toMatchObject({ seen: 2, new: 1, unreadable: 1 });
  expect(summary.skipped).toEqual([{ path: file(1), reason: `${file(1)} cannot be opened (ENOENT).` }]);
  expect((await syncStore({ store, roots: [root] })).files).toMatchObject({ seen: 1, unreadable: 0 });
});

/** Replaces the file by renaming, as editors and compactions do, until it is killed. */
const replacer = `
  const fs = require('node:fs');
  const [file, ...versions] = process.argv.slice(1);
  for (let n = 0; ; n += 1) {
    fs.writeFileSync(file + '.tmp', versions[n % versions.length]);
    fs.renameSync(file + '.tmp', file);
  }`;

test(
  'a file that is replaced by renaming all the time is read as a whole old or a whole new one (F39)',
  { timeout: SLOW_MS },
  async () => {
    const { file, sync, rows } = testMachine();
    const version = (n: number): string =>
      Array.from({ length: 40 }, (_, line) =>
        replyLine(
          { session: sessionNumber(1), uuid: uuidNumber(n * 1000 + line), at: minute(line) },
          { text: `version ${n}`, messageId: `msg_${n}_${line}`, outputTokens: 1 },
        ),
      ).join('\n') + '\n';
    mkdirSync(dirname(file(1)), { recursive: true });
    writeFileSync(file(1), version(1));
    const writer = spawn(process.execPath, ['-e', replacer, file(1), version(1), version(2), version(3)]);
    try {
      for (let syncs = 0; syncs < 4; syncs += 1) {
        const { problems, lines } = await sync();
        expect([problems, lines.quarantined, lines.salvaged]).toEqual([[], 0, 0]);
      }
    } finally {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    }
    await sync();
    const versions = await rows(
      `select text, count(distinct event_id)::int as rows from events where kind = 'reply' group by text order by text`,
    );
    expect(versions.length).toBeGreaterThan(0);
    for (const { rows: count } of versions) expect(count).toBe(40);
  },
);
