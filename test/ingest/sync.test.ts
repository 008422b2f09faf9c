import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Window } from '../../src/core/window.ts';
import { restoreSource } from '../../src/lake/restore.ts';
import { openStore } from '../../src/lake/store.ts';
import { minute, promptLine, replyLine, sessionNumber, turn, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore, treeHashes } from '../helpers/store.ts';

const at = (iso: string): number => Date.parse(iso) * 1000;
function machine() {
  const folder = scratch();
  const root = join(folder, 'projects');
  mkdirSync(root);
  const file = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
  return { store: join(folder, 'store'), root, roots: [root], file };
}

const promptsBySession = `select session_id, count(*)::int as prompts from events where kind = 'prompt' group by 1 order by 1`;

describe('sync', () => {
  test('reads new files and accounts for every byte, line and event (P4)', async () => {
    const { store, roots, file } = machine();
    const lines = [...turn(sessionNumber(1), 1), '', 'not json', ...turn(sessionNumber(1), 2)];
    writeLines(file(1), lines);
    const bytes = readFileSync(file(1)).length;
    const { took_s, skipped, store: directory, ...summary } = await syncStore({ store, roots });
    expect(summary).toEqual({
      files: { seen: 1, new: 1, grown: 0, unchanged: 0, replaced: 0, gone: 0, unreadable: 0, outside_window: 0 },
      bytes: { read: bytes, archived: bytes, pending: 0 },
      lines: { total: 6, records: 4, salvaged: 0, quarantined: 1, blank: 1 },
      events: { derived: 6, kept: 6, duplicates: 0 },
      unknown: [],
      misunderstood: [],
      set_aside: [
        {
          path: file(1),
          line: 4,
          byte: Buffer.byteLength(`${lines.slice(0, 3).join('\n')}\n`),
          length_bytes: 8,
          reason: 'not_json',
        },
      ],
      sessions: 1,
      problems: [],
      warnings: [],
      dry_run: false,
    });
    expect([took_s >= 0, skipped, directory]).toEqual([true, [], store]);
  });

  test('a second sync changes no byte of the store (P1)', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    await syncStore({ store, roots });
    const before = treeHashes(store);
    const summary = await syncStore({ store, roots, now: '2026-02-12T16:00:00Z' });
    expect(summary.files).toMatchObject({ seen: 1, new: 0, unchanged: 1 });
    expect(treeHashes(store)).toEqual(before);
  });

  test('a touched file whose bytes are the same is unchanged, and its events keep their bytes', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    await syncStore({ store, roots });
    const before = await eventFiles(store);
    utimesSync(file(1), new Date('2030-01-01'), new Date('2030-01-01'));
    expect((await syncStore({ store, roots })).files).toMatchObject({ unchanged: 1, new: 0, grown: 0, replaced: 0 });
    expect(await eventFiles(store)).toEqual(before);
  });

  test('syncing a file as it grows ends in the same bytes of events as syncing it once', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    writeLines(file(2), turn(sessionNumber(2), 50));
    await syncStore({ store, roots });
    appendFileSync(file(1), `${turn(sessionNumber(1), 2).join('\n')}\n`);
    const grown = await syncStore({ store, roots });
    expect(grown.files).toMatchObject({ grown: 1, unchanged: 1 });
    expect(grown.events).toEqual({ derived: 6, kept: 6, duplicates: 0 });
    const once = join(scratch(), 'store');
    await syncStore({ store: once, roots });
    expect(await eventFiles(store)).toEqual(await eventFiles(once));
  });

  test('a partial last line waits, is counted as pending, and becomes one event when its rest arrives (F27)', async () => {
    const { store, roots, file } = machine();
    const [prompt = '', reply = ''] = turn(sessionNumber(1), 1);
    writeLines(file(1), [prompt, reply.slice(0, 40)], '');
    const first = await syncStore({ store, roots });
    expect(first.bytes).toEqual({ read: prompt.length + 41, archived: prompt.length + 1, pending: 40 });
    expect(first.lines).toMatchObject({ total: 1, records: 1, quarantined: 0 });
    appendFileSync(file(1), `${reply.slice(40)}\n`);
    const second = await syncStore({ store, roots });
    expect(second.lines).toMatchObject({ total: 2, records: 2, quarantined: 0 });
    expect(await eventRows(store, 'select kind from events order by seq')).toEqual([
      { kind: 'prompt' },
      { kind: 'reply' },
      { kind: 'usage' },
    ]);
  });

  test('a whole record without its line feed is read at once, and once only (F28)', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1), '');
    expect((await syncStore({ store, roots })).bytes.pending).toBe(0);
    expect(await eventRows(store, `select flags from events where kind = 'reply'`)).toEqual([
      { flags: 'unterminated' },
    ]);
    appendFileSync(file(1), `\n${turn(sessionNumber(1), 2).join('\n')}\n`);
    expect((await syncStore({ store, roots })).lines).toMatchObject({ total: 4, records: 4 });
    expect(await eventRows(store, `select flags from events where kind = 'reply'`)).toEqual([
      { flags: null },
      { flags: null },
    ]);
  });

  test('a torn last line that nobody finished for a day is quarantined with its place (F28)', async () => {
    const { store, roots, file } = machine();
    const [prompt = ''] = turn(sessionNumber(1), 1);
    writeLines(file(1), [prompt, '{"type":"user","mess'], '');
    utimesSync(file(1), new Date('2026-02-09'), new Date('2026-02-09'));
    const summary = await syncStore({ store, roots });
    expect([summary.bytes.pending, summary.lines.quarantined]).toEqual([0, 1]);
  });

  test('a replaced file starts a new generation and the events of the old one stay (F29)', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    await syncStore({ store, roots });
    writeLines(file(1), [...turn(sessionNumber(1), 7), ...turn(sessionNumber(1), 8)]);
    expect((await syncStore({ store, roots })).files).toMatchObject({ replaced: 1, grown: 0, new: 0 });
    expect(await eventRows(store, promptsBySession)).toEqual([{ session_id: sessionNumber(1), prompts: 3 }]);
  });

  test('a cut and regrown file of greater length is noticed by its first bytes (F30)', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    await syncStore({ store, roots });
    writeLines(file(1), [...turn(sessionNumber(1), 3), ...turn(sessionNumber(1), 4), ...turn(sessionNumber(1), 5)]);
    expect((await syncStore({ store, roots })).files).toMatchObject({ replaced: 1 });
    expect(await eventRows(store, promptsBySession)).toEqual([{ session_id: sessionNumber(1), prompts: 4 }]);
  });

  test('a replaced file that shares records with its old self stays replaced, grows, and is restored bit for bit', async () => {
    for (const session of [1, 2, 3, 4].map(sessionNumber)) {
      const { store, root, roots } = machine();
      const path = join(root, '-home-ann-shop', `${session}.jsonl`);
      writeLines(path, [...turn(session, 1), ...turn(session, 2)]);
      await syncStore({ store, roots });
      writeLines(path, [
        ...turn(session, 1).map((line) => line.replace('do step', 'do the step')),
        ...turn(session, 3),
      ]);
      expect((await syncStore({ store, roots })).files).toMatchObject({ replaced: 1 });
      for (const n of [4, 5]) {
        appendFileSync(path, `${turn(session, n).join('\n')}\n`);
        expect((await syncStore({ store, roots })).files).toMatchObject({ grown: 1, replaced: 0 });
      }
      const source = await restoreSource(await openStore(store, { create: false }), path);
      const parts: Uint8Array[] = [];
      for await (const part of source.chunks) parts.push(part);
      expect(Buffer.concat(parts)).toEqual(readFileSync(path));
    }
  });

  test('a touched file that a new copy brings along keeps what touching it said', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    await syncStore({ store, roots });
    utimesSync(file(1), new Date('2030-01-01'), new Date('2030-01-01'));
    writeLines(file(2), [...turn(sessionNumber(2), 1), ...turn(sessionNumber(2), 9)]);
    await syncStore({ store, roots });
    const before = treeHashes(store);
    await syncStore({ store, roots });
    expect(treeHashes(store)).toEqual(before);
  });

  test('a line that was torn for a day is read when its rest arrives, without a line feed too (F28)', async () => {
    const { store, roots, file } = machine();
    const [prompt = '', reply = ''] = turn(sessionNumber(1), 1);
    writeLines(file(1), [prompt, reply.slice(0, 40)], '');
    utimesSync(file(1), new Date('2026-02-09'), new Date('2026-02-09'));
    await syncStore({ store, roots });
    appendFileSync(file(1), reply.slice(40));
    const summary = await syncStore({ store, roots });
    expect(summary.bytes.pending).toBe(0);
    expect(summary.lines).toMatchObject({ total: 2, records: 2, quarantined: 0 });
  });

  test('a deleted file keeps all its rows, and is gone once (F36)', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    writeLines(file(2), turn(sessionNumber(2), 9));
    await syncStore({ store, roots });
    const before = await eventFiles(store);
    rmSync(file(1));
    expect((await syncStore({ store, roots })).files).toMatchObject({ seen: 1, gone: 1, unchanged: 1 });
    expect((await syncStore({ store, roots })).files).toMatchObject({ seen: 1, gone: 0, unchanged: 1 });
    expect(await eventFiles(store)).toEqual(before);
  });

  test('a missing root is a problem and no reason to call its files gone (F36)', async () => {
    const { store, root, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    const env = { CLAUDE_CONFIG_DIR: root };
    await syncStore({ store, roots: [], env });
    const before = await eventFiles(store);
    rmSync(root, { recursive: true });
    const summary = await syncStore({ store, roots: [], env });
    expect(summary.files).toMatchObject({ seen: 0, gone: 0 });
    expect(summary.problems).toEqual([
      `${root} is not there any more, but the store has transcripts from it: nothing of them was changed.`,
    ]);
    expect(await eventFiles(store)).toEqual(before);
  });

  test('other roots than those of this run keep their sources', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    await syncStore({ store, roots });
    expect((await syncStore({ store, roots: [scratch()] })).files).toMatchObject({ seen: 0, gone: 0 });
  });

  test('the same file under two roots, and a hard-linked or copied one, count once (F34)', async () => {
    const { store, root, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    mkdirSync(join(root, 'backup', 'projects', '-home-ann-shop'), { recursive: true });
    copyFileSync(file(1), join(root, 'backup', 'projects', '-home-ann-shop', `${sessionNumber(1)}.jsonl`));
    const summary = await syncStore({ store, roots: [root, join(root, '-home-ann-shop')] });
    expect(summary.files.seen).toBe(2);
    expect(summary.events).toEqual({ derived: 6, kept: 3, duplicates: 3 });
  });

  test('links are not followed and unreadable files are counted, never taken for empty (F40, F41)', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    symlinkSync(file(1), file(2));
    const { files } = await syncStore({ store, roots });
    expect(files).toMatchObject({ seen: 1, new: 1, unreadable: 0 });
    if (process.getuid?.() === 0) return; // root reads everything
    writeLines(file(3), turn(sessionNumber(3), 3));
    chmodSync(file(3), 0o000);
    expect((await syncStore({ store, roots })).files).toMatchObject({ unreadable: 1 });
  });

  test('a dry run says what would be imported and writes nothing', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    const summary = await syncStore({ store, roots, dryRun: true });
    expect(summary).toMatchObject({ dry_run: true, files: { seen: 1, new: 1 } });
    expect(() => readFileSync(join(store, 'store.json'))).toThrow(/ENOENT/);
  });

  test('--full derives everything again, from the file or else from the archive, into the same bytes', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    writeLines(file(2), [...turn(sessionNumber(2), 1), ...turn(sessionNumber(2), 9)]);
    await syncStore({ store, roots });
    const before = await eventFiles(store);
    rmSync(file(1));
    writeFileSync(file(2), 'something else\n');
    const summary = await syncStore({ store, roots, full: true });
    expect(summary.problems).toEqual([]);
    expect(summary.files).toMatchObject({ gone: 1, replaced: 1 });
    expect(await eventFiles(store)).toEqual(before);
  });

  test('source files are never written to (F09)', async () => {
    const { store, root, roots, file } = machine();
    writeLines(file(1), turn(sessionNumber(1), 1));
    const before = treeHashes(root);
    await syncStore({ store, roots, full: true });
    await syncStore({ store, roots, full: true });
    expect(treeHashes(root)).toEqual(before);
  });

  test('opens a file whose name is a pattern for others by its own name (F69)', async () => {
    const { store, root, roots } = machine();
    writeLines(join(root, '-home-ann-shop', 'i.jsonl'), turn(sessionNumber(1), 1));
    writeLines(join(root, '-home-ann-shop', '[id].jsonl'), turn(sessionNumber(2), 20));
    writeLines(join(root, '-home-ann-shop', "it's * {a,b} ?.jsonl"), turn(sessionNumber(3), 30));
    expect((await syncStore({ store, roots })).files.seen).toBe(3);
    expect(
      await eventRows(store, `select list(text order by text) as texts from events where kind = 'prompt'`),
    ).toEqual([{ texts: ['do step 1', 'do step 20', 'do step 30'] }]);
  });

  test('a line of 70 MB is read, and the lines around it (F48)', async () => {
    const { store, roots, file } = machine();
    const session = sessionNumber(1);
    const long = promptLine({ session, uuid: uuidNumber(900), at: minute(5) }, 'x'.repeat(70_000_000));
    writeLines(file(1), [...turn(session, 1), long, ...turn(session, 9)]);
    const summary = await syncStore({ store, roots });
    expect(summary.lines).toMatchObject({ total: 5, records: 5, quarantined: 0 });
    expect(summary.problems).toEqual([]);
    expect(
      await eventRows(store, `select text_bytes::int as bytes from events where kind = 'prompt' order by ts`),
    ).toEqual([{ bytes: 9 }, { bytes: 70_000_000 }, { bytes: 9 }]);
  });

  test('a record with null counters has unknown tokens, not zero', async () => {
    const { store, roots, file } = machine();
    const usage = { input_tokens: null, output_tokens: 5, cache_read_input_tokens: null };
    const line = replyLine(
      { session: sessionNumber(1), uuid: uuidNumber(1), at: minute(1) },
      { text: 'x', messageId: 'msg_01abcdefghijklmnop1', outputTokens: 1 },
    );
    const record: { message: object } = JSON.parse(line);
    writeLines(file(1), [JSON.stringify({ ...record, message: { ...record.message, usage } })]);
    await syncStore({ store, roots });
    expect(
      await eventRows(
        store,
        `select input_tokens, output_tokens::int as output_tokens from events where kind = 'usage'`,
      ),
    ).toEqual([{ input_tokens: null, output_tokens: 5 }]);
  });
});

describe('copies of history', () => {
  /** Session 2 was resumed from session 1 after two turns: it repeats them under its own session id. */
  function resumed(file: (n: number) => string): void {
    writeLines(file(1), [...turn(sessionNumber(1), 1), ...turn(sessionNumber(1), 2)]);
    writeLines(file(2), [...turn(sessionNumber(2), 1), ...turn(sessionNumber(2), 2), ...turn(sessionNumber(2), 30)]);
  }
  const shares = [
    { session_id: sessionNumber(1), prompts: 2 },
    { session_id: sessionNumber(2), prompts: 1 },
  ];

  test('belong to the session that wrote them first and are counted once (F34)', async () => {
    const { store, roots, file } = machine();
    resumed(file);
    expect((await syncStore({ store, roots })).events).toEqual({ derived: 15, kept: 9, duplicates: 6 });
    expect(await eventRows(store, promptsBySession)).toEqual(shares);
  });

  test('end in the same bytes whichever file is synced first (P3, F34)', async () => {
    const both = machine();
    resumed(both.file);
    await syncStore({ store: both.store, roots: both.roots });
    for (const [early, late] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const aside = join(scratch(), 'aside.jsonl');
      copyFileSync(both.file(late), aside);
      rmSync(both.file(late));
      const store = join(scratch(), 'store');
      await syncStore({ store, roots: both.roots });
      copyFileSync(aside, both.file(late));
      await syncStore({ store, roots: both.roots });
      expect(await eventFiles(store)).toEqual(await eventFiles(both.store));
      expect(await eventRows(store, promptsBySession)).toEqual(shares);
      expect(early).not.toBe(late);
    }
  });

  test('are judged anew when the original grows after the copy was made', async () => {
    const { store, roots, file } = machine();
    resumed(file);
    await syncStore({ store, roots });
    appendFileSync(file(1), `${turn(sessionNumber(1), 10).join('\n')}\n`);
    await syncStore({ store, roots });
    const once = join(scratch(), 'store');
    await syncStore({ store: once, roots });
    expect(await eventFiles(store)).toEqual(await eventFiles(once));
  });

  test('are judged from the archive when the original is deleted meanwhile', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), [...turn(sessionNumber(1), 1), ...turn(sessionNumber(1), 2)]);
    await syncStore({ store, roots });
    rmSync(file(1));
    writeLines(file(2), [...turn(sessionNumber(2), 1), ...turn(sessionNumber(2), 2), ...turn(sessionNumber(2), 30)]);
    const summary = await syncStore({ store, roots });
    expect(summary.problems).toEqual([]);
    expect(await eventRows(store, promptsBySession)).toEqual(shares);
  });

  test('of a response that was still streaming give way to the largest counters', async () => {
    const { store, roots, file } = machine();
    const reply = (session: string, outputTokens: number): string =>
      replyLine(
        { session, uuid: uuidNumber(3), at: minute(1) },
        { text: 'done', messageId: 'msg_01abcdefghijklmnop7', outputTokens },
      );
    writeLines(file(1), [reply(sessionNumber(1), 4)]);
    writeLines(file(2), [reply(sessionNumber(2), 900)]);
    await syncStore({ store, roots });
    // 10 x 5 + 900 x 25 + 1000 x 0.5 micro-dollars: the list price of claude-opus-4-6.
    expect(
      await eventRows(
        store,
        `select output_tokens::int as output, cost_usd_micros::int as micros from events where kind = 'usage'`,
      ),
    ).toEqual([{ output: 900, micros: 23_050 }]);
  });
});

describe('the window of a sync', () => {
  const now = '2026-02-11T16:00:00Z';
  const last48Hours: Window = { since: at('2026-02-09T16:00:00Z'), until: null, anchor: 'activity' };
  const session = sessionNumber(1);
  const early = promptLine({ session, uuid: uuidNumber(1), at: '2026-02-05T15:56:00.000Z' }, 'first');
  const late = promptLine({ session, uuid: uuidNumber(2), at: '2026-02-09T20:50:00.000Z' }, 'last');

  test('takes a session that was active in it, whatever the age of its file', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), [early, late]);
    utimesSync(file(1), new Date('2020-01-01'), new Date('2020-01-01'));
    const summary = await syncStore({ store, roots, window: last48Hours, now });
    expect(summary.files).toMatchObject({ seen: 1, new: 1, outside_window: 0 });
    const fourteenDays: Window = { since: at('2026-01-28T16:00:00Z'), until: null, anchor: 'activity' };
    const again = await syncStore({ store: join(scratch(), 'store'), roots, window: fourteenDays, now });
    expect(again.files.new).toBe(1);
  });

  test('by start leaves out a session that began before it', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), [early, late]);
    const summary = await syncStore({ store, roots, window: { ...last48Hours, anchor: 'start' }, now });
    expect(summary.files).toMatchObject({ seen: 1, new: 0, outside_window: 1 });
  });

  test('leaves out a session without events in it, however new its file is', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), [early]);
    utimesSync(file(1), new Date('2026-02-10'), new Date('2026-02-10'));
    const summary = await syncStore({ store, roots, window: last48Hours, now });
    expect(summary.files).toMatchObject({ seen: 1, new: 0, outside_window: 1 });
    expect(summary.events.derived).toBe(0);
  });

  test('hides nothing for ever: 48 hours and then everything is the same as everything', async () => {
    const { store, roots, file } = machine();
    writeLines(file(1), [early, late]);
    writeLines(file(2), turn(sessionNumber(2), 3));
    const narrow = await syncStore({ store, roots, window: last48Hours, now });
    expect(narrow.files).toMatchObject({ new: 1, outside_window: 1 });
    const same = await syncStore({ store, roots, window: last48Hours, now });
    expect(same.files).toMatchObject({ new: 0, unchanged: 1, outside_window: 1 });
    expect((await syncStore({ store, roots, now })).files).toMatchObject({ new: 1, unchanged: 1 });
    const once = join(scratch(), 'store');
    await syncStore({ store: once, roots, now });
    expect(await eventFiles(store)).toEqual(await eventFiles(once));
  });

  test('brings all files of a session that has one active file', async () => {
    const { store, root, roots, file } = machine();
    writeLines(file(1), [late]);
    const agent = { ...JSON.parse(early), isSidechain: true, agentId: 'a1b2c3d4' };
    writeFileSync(join(root, '-home-ann-shop', 'agent-a1b2c3d4.jsonl'), `${JSON.stringify(agent)}\n`);
    expect((await syncStore({ store, roots, window: last48Hours, now })).files).toMatchObject({ seen: 2, new: 2 });
  });
});
