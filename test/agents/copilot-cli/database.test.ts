import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import type { DatabaseCollection } from '../../../src/agents/collection.ts';
import { copilotCli } from '../../../src/agents/copilot-cli/index.ts';
import { openDatabaseCopy } from '../../../src/read/database.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { adaptAll } from '../cases.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sesh-copilot-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const sessions = `create table sessions (id text primary key, cwd text, repository text, branch text, summary text, created_at text);
  insert into sessions values ('s1', '/home/ann/shop', 'ann/shop', 'main', 'Cart', '2026-06-10 09:00:00');`;
const usage = `create table assistant_usage_events (id integer primary key autoincrement, session_id text not null, model text,
    input_tokens integer, output_tokens integer, cache_read_tokens integer, cache_write_tokens integer, total_nano_aiu integer,
    created_at text default (datetime('now')));
  insert into assistant_usage_events (session_id, model, input_tokens, output_tokens, cache_read_tokens, created_at) values
    ('s1', 'gpt-5', 100, 10, 60, '2026-06-10 09:00:10'),
    ('s2', 'gpt-5', 500, 50, 0, '2026-06-11T09:00:00.000Z'),
    ('s1', 'gpt-5', 200, 20, 160, '2026-06-10 09:00:20');`;

describe('a session store', () => {
  test('is recognised by its name', () => {
    const paths = ['session-store.db', 'ann/.copilot/session-store.db', 'session-store.db-wal', 'my-session-store.db'];
    expect(paths.filter((file) => store().recognise(file))).toEqual(paths.slice(0, 2));
  });

  test('has a member for each session with requests, and rows in the order of time', () => {
    const { members, events } = read(sessions + usage);
    expect(members).toEqual([
      { member: 's1', changed_ms: Date.parse('2026-06-10T09:00:20Z'), size: 2 + 300 + 30 + 220 },
      { member: 's2', changed_ms: Date.parse('2026-06-11T09:00:00Z'), size: 1 + 500 + 50 },
    ]);
    expect(events('s1').map(summary)).toEqual([
      ['meta', 'store:s1:0', null, null],
      ['usage', 'usage:store:s1:1', 40, 10],
      ['usage', 'usage:store:s1:3', 40, 20],
    ]);
    expect(events('s1').every(({ sessionId, cwd }) => sessionId === 's1' && cwd === '/home/ann/shop')).toBe(true);
    expect(events('s2').map(summary)).toEqual([['usage', 'usage:store:s2:2', 500, 50]]);
  });

  test('of an old version has fewer columns and no sessions', () => {
    const { members, events } =
      read(`create table assistant_usage_events (session_id text, model text, output_tokens integer);
      insert into assistant_usage_events values ('s1', 'gpt-5', 10), (null, 'gpt-5', 20);`);
    expect(members).toEqual([{ member: 's1', changed_ms: 0, size: 11 }]);
    expect(events('s1').map(({ ts }) => ts)).toEqual([null]);
  });

  test('of another program is left alone', () => {
    const made = database('create table assistant_usage_events (thread_id text, output_tokens integer);');
    expect(store().plan(made.tables)).toBeNull();
    made.close();
    expect(store().plan(new Map())).toBeNull();
  });
});

function summary(event: AgentEvent): unknown[] {
  const tokens = event.kind === 'usage' ? [event.inputTokens, event.outputTokens] : [null, null];
  return [event.kind, event.key, ...tokens];
}

function store(): DatabaseCollection {
  const found = copilotCli.collections.find(({ kind }) => kind === 'database');
  if (found?.kind !== 'database') throw new Error('Expected a database collection');
  return found;
}

function read(sql: string): {
  readonly members: readonly JsonObject[];
  readonly events: (member: string) => AgentEvent[];
} {
  const made = database(sql);
  const plan = store().plan(made.tables);
  if (plan === null) throw new Error('Expected a plan');
  const exported = (member: string): JsonObject[] =>
    plan.rows.flatMap((part) => made.rows(part.sql, member).map((row) => ({ table: part.table, row })));
  const members = made.rows(plan.members);
  const events = new Map<string, AgentEvent[]>();
  for (const { member } of members) {
    if (typeof member === 'string') events.set(member, adaptAll(copilotCli, exported(member), hintOf({ member })));
  }
  made.close();
  return { members, events: (member) => events.get(member) ?? [] };
}

function database(sql: string): ReturnType<typeof openDatabaseCopy> {
  const file = path.join(folder, 'session-store.db');
  const made = new sqlite.Database(file);
  made.exec(sql);
  made.close();
  return openDatabaseCopy(file, path.join(folder, 'scratch'));
}
