import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restoreSource } from '../../src/lake/restore.ts';
import { openStore } from '../../src/lake/store.ts';
import { scratch } from '../helpers/scratch.ts';
import { openSqlite, writeSqlite } from '../helpers/sqlite.ts';
import { eventFiles, eventRows, syncStore, treeHashes } from '../helpers/store.ts';

const at = 1_770_000_000_000;
const schema = `
  create table session (id text primary key, project_id text, parent_id text, directory text, title text, version text,
    time_created integer, time_updated integer);
  create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text);
  create table part (id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text);`;

function session(id: string, n: number): string {
  return `insert into session values ('${id}', 'p', null, '/home/ann/shop', 'fix ${n}', '1.4.0', ${at + n * 1000}, ${at + n * 1000});`;
}

/** A prompt and an answer that used 10 * n output tokens. */
function turn(id: string, n: number): string {
  const user = JSON.stringify({ role: 'user', time: { created: at + n * 1000 } });
  const assistant = JSON.stringify({
    role: 'assistant',
    time: { created: at + n * 1000 + 100, completed: at + n * 1000 + 900 },
    modelID: 'claude-sonnet-4-5',
    providerID: 'anthropic',
    cost: 0.01,
    tokens: { input: 5, output: 10 * n, reasoning: 0, cache: { read: 0, write: 0 } },
  });
  const text = (words: string): string => JSON.stringify({ type: 'text', text: words });
  const time = at + n * 1000;
  return `
    insert into message values ('msg_${id}_${n}a', '${id}', ${time}, ${time}, '${user}'),
      ('msg_${id}_${n}b', '${id}', ${time + 100}, ${time + 900}, '${assistant}');
    insert into part values ('prt_${id}_${n}a', 'msg_${id}_${n}a', '${id}', ${time}, ${time}, '${text(`do step ${n}`)}'),
      ('prt_${id}_${n}b', 'msg_${id}_${n}b', '${id}', ${time + 200}, ${time + 900}, '${text('done')}');`;
}

async function outputTokens(store: string): Promise<unknown> {
  const [row] = await eventRows(
    store,
    "select sum(output_tokens)::int as tokens, count(distinct session_id)::int as sessions from events where kind = 'usage'",
  );
  return row;
}

test('sessions of a database are synced with the rows that are only in its log, each again only when it changed (F43)', async () => {
  const root = scratch();
  const [data, collected, store] = [
    join(root, 'data'),
    join(root, 'collected', 'ann', '.local', 'share', 'opencode'),
    join(root, 'store'),
  ];
  const writer = openSqlite(join(data, 'opencode.db'));
  writer.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma wal_autocheckpoint = 0');
  writer.exec(`${schema}${session('ses_a', 1)}${turn('ses_a', 1)}${session('ses_b', 2)}${turn('ses_b', 2)}`);
  const collect = (): void => cpSync(data, collected, { recursive: true });
  const run = async (): Promise<Awaited<ReturnType<typeof syncStore>>> =>
    await syncStore({ store, roots: [join(root, 'collected')] });
  collect();
  const before = treeHashes(collected);
  expect(Object.keys(before)).toEqual(['opencode.db', 'opencode.db-wal']);
  expect((await run()).files).toMatchObject({ seen: 2, new: 2 });
  expect(await outputTokens(store)).toEqual({ tokens: 30, sessions: 2 });
  expect(treeHashes(collected)).toEqual(before);

  const files = await eventFiles(store);
  expect((await run()).files).toMatchObject({ seen: 2, new: 0, unchanged: 2 });
  expect(await eventFiles(store)).toEqual(files);

  writer.exec(`${turn('ses_b', 3)} update session set time_updated = ${at + 3000} where id = 'ses_b';`);
  collect();
  expect((await run()).files).toMatchObject({ seen: 2, unchanged: 1, replaced: 1 });
  expect(await outputTokens(store)).toEqual({ tokens: 60, sessions: 2 });
  writer.close();

  const rebuilt = join(root, 'rebuilt');
  await syncStore({ store: rebuilt, roots: [join(root, 'collected')] });
  expect(await outputTokens(rebuilt)).toEqual({ tokens: 60, sessions: 2 });
  const [owner] = await eventRows(store, 'select any_value("user") as owner from events');
  expect(owner).toEqual({ owner: 'ann' });
});

test('a database whose session was deleted keeps the session in the store, and restore gives its rows back (P7)', async () => {
  const root = scratch();
  const [file, store] = [join(root, 'data', 'opencode.db'), join(root, 'store')];
  writeSqlite(file, `${schema}${session('ses_a', 1)}${turn('ses_a', 1)}${session('ses_b', 2)}${turn('ses_b', 2)}`);
  await syncStore({ store, roots: [join(root, 'data')] });
  writeSqlite(
    file,
    "delete from part where session_id = 'ses_b'; delete from message where session_id = 'ses_b'; delete from session where id = 'ses_b'",
  );
  expect((await syncStore({ store, roots: [join(root, 'data')] })).files).toMatchObject({ seen: 1, gone: 1 });
  expect(await outputTokens(store)).toEqual({ tokens: 30, sessions: 2 });
  const { chunks } = await restoreSource(await openStore(store, { create: false }), `${file}#ses_b`);
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  const lines = Buffer.concat(pieces).toString().trimEnd().split('\n');
  expect(lines.map((line) => line.slice(0, 30))).toEqual([
    '{"table":"session","row":{"id"',
    '{"table":"message","row":{"id"',
    '{"table":"message","row":{"id"',
    '{"table":"part","row":{"id":"p',
    '{"table":"part","row":{"id":"p',
  ]);
});

test('a session that is in the database and in files of an older version counts once', async () => {
  const root = scratch();
  const [data, store] = [join(root, 'data'), join(root, 'store')];
  writeSqlite(join(data, 'opencode.db'), `${schema}${session('ses_a', 1)}${turn('ses_a', 1)}`);
  const write = (name: string, value: unknown): void => {
    mkdirSync(join(data, 'storage', name, '..'), { recursive: true });
    writeFileSync(join(data, 'storage', name), JSON.stringify(value));
  };
  for (const id of ['ses_a', 'ses_c']) {
    write(`session/p/${id}.json`, {
      id,
      projectID: 'p',
      directory: '/home/ann/shop',
      version: '1.0.0',
      time: { created: at + 1000, updated: at + 1000 },
    });
    write(`message/${id}/msg_${id}_1a.json`, {
      id: `msg_${id}_1a`,
      sessionID: id,
      role: 'user',
      time: { created: at + 1000 },
    });
    write(`part/msg_${id}_1a/prt_${id}_1a.json`, {
      id: `prt_${id}_1a`,
      sessionID: id,
      messageID: `msg_${id}_1a`,
      type: 'text',
      text: id === 'ses_a' ? 'do step 1' : 'another thing',
    });
    write(`message/${id}/msg_${id}_1b.json`, {
      id: `msg_${id}_1b`,
      sessionID: id,
      role: 'assistant',
      time: { created: at + 1100, completed: at + 1900 },
      modelID: 'claude-sonnet-4-5',
      providerID: 'anthropic',
      cost: 0.01,
      tokens: { input: 5, output: id === 'ses_a' ? 10 : 7, reasoning: 0, cache: { read: 0, write: 0 } },
    });
    write(`part/msg_${id}_1b/prt_${id}_1b.json`, {
      id: `prt_${id}_1b`,
      sessionID: id,
      messageID: `msg_${id}_1b`,
      type: 'text',
      text: 'done',
    });
  }
  await syncStore({ store, roots: [data] });
  expect(await outputTokens(store)).toEqual({ tokens: 17, sessions: 2 });
  const prompts = await eventRows(store, "select session_id, text from events where kind = 'prompt' order by 1");
  expect(prompts).toEqual([
    { session_id: 'ses_a', text: 'do step 1' },
    { session_id: 'ses_c', text: 'another thing' },
  ]);
});
