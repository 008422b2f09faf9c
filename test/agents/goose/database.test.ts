import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import type { DatabaseCollection } from '../../../src/agents/collection.ts';
import { goose } from '../../../src/agents/goose/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { openDatabaseCopy } from '../../../src/read/database.ts';
import { adaptAll } from '../cases.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sesh-goose-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const newest = `
  create table sessions (id text primary key, name text not null default '', user_set_name boolean default false,
    session_type text not null default 'user', working_dir text not null, created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp, extension_data text default '{}', total_tokens integer,
    accumulated_total_tokens integer, accumulated_input_tokens integer, accumulated_output_tokens integer,
    parent_session_id text, recipe_json text, provider_name text, model_config_json text);
  create table messages (id integer primary key autoincrement, message_id text, session_id text not null, role text not null,
    content_json text not null, created_timestamp integer not null, timestamp timestamp default current_timestamp,
    tokens integer, metadata_json text);
  create table usage_ledger (id integer primary key autoincrement, session_id text not null, created_timestamp integer not null,
    model text, input_tokens integer, output_tokens integer, total_tokens integer, cache_read_tokens integer,
    cache_write_tokens integer, cost real, cost_source text, is_compaction integer default 0);
  insert into sessions (id, name, session_type, working_dir, created_at, updated_at, accumulated_total_tokens,
      accumulated_output_tokens, parent_session_id, model_config_json) values
    ('20260610_1', 'Cart', 'user', '/home/ann/shop', '2026-06-10 09:00:00', '2026-06-10 09:10:00', 110, 10, null, '{"model_name":"gpt-5"}'),
    ('20260610_2', 'Explore', 'sub_agent', '/home/ann/shop', '2026-06-10 09:01:00', '2026-06-10 09:02:00', null, null, '20260610_1', null);
  insert into messages (message_id, session_id, role, content_json, created_timestamp) values
    ('m1', '20260610_1', 'user', '[{"type":"text","text":"hi"}]', 1781082005),
    ('m2', '20260610_2', 'user', '[{"type":"text","text":"find it"}]', 1781082061),
    ('m3', '20260610_1', 'assistant', '[{"type":"text","text":"Hello."}]', 1781082007);
  insert into usage_ledger (session_id, created_timestamp, model, input_tokens, output_tokens, total_tokens, cost) values
    ('20260610_1', 1781082007, 'gpt-5', 100, 10, 110, 0.001);`;

/** The first schema: names are descriptions, messages have no ids. */
const oldest = `
  create table sessions (id text primary key, description text not null default '', working_dir text not null,
    created_at timestamp default current_timestamp, updated_at timestamp default current_timestamp,
    accumulated_total_tokens integer, accumulated_input_tokens integer, accumulated_output_tokens integer);
  create table messages (id integer primary key autoincrement, session_id text not null, role text not null,
    content_json text not null, created_timestamp integer not null, timestamp timestamp default current_timestamp, tokens integer);
  insert into sessions values ('20251020_1', 'Cart', '/home/ann/shop', '2025-10-20 09:00:00', '2025-10-20 09:10:00', 110, 100, 10);
  insert into messages (session_id, role, content_json, created_timestamp) values
    ('20251020_1', 'user', '[{"type":"text","text":"hi"}]', 1760950805);`;

describe('a database of sessions', () => {
  test('is recognised by its name', () => {
    const paths = ['sessions.db', 'ann/.local/share/goose/sessions/sessions.db', 'sessions.db-wal', 'old-sessions.db'];
    expect(paths.filter((file) => collection().recognise(file))).toEqual(paths.slice(0, 2));
  });

  test('has a member for each session, with its messages in order and its requests', () => {
    const { members, events } = read(newest);
    const [hi, hello, find] = ['hi', 'Hello.', 'find it'].map(
      (text) => JSON.stringify([{ type: 'text', text }]).length,
    );
    expect(members).toEqual([
      {
        member: '20260610_1',
        changed_ms: Date.parse('2026-06-10T09:10:00Z'),
        size: 2 + (hi ?? 0) + (hello ?? 0) + 1 + 110,
      },
      { member: '20260610_2', changed_ms: Date.parse('2026-06-10T09:02:00Z'), size: 1 + (find ?? 0) },
    ]);
    const main = events('20260610_1');
    expect(main.map(({ kind, text }) => [kind, text])).toEqual([
      ['meta', 'Cart'],
      ['prompt', 'hi'],
      ['reply', 'Hello.'],
      ['usage', null],
    ]);
    const [child] = events('20260610_2');
    expect(child?.parentSessionId).toBe(main[0]?.sessionId);
    expect(events('20260610_2').map(({ kind, text }) => [kind, text])).toEqual([
      ['meta', 'Explore'],
      ['meta', 'find it'],
    ]);
  });

  test('of the first version has neither names nor a ledger', () => {
    const { events } = read(oldest);
    expect(events('20251020_1').map(({ kind, text }) => [kind, text])).toEqual([
      ['meta', 'Cart'],
      ['prompt', 'hi'],
      ['usage', null],
    ]);
  });

  test('of another program is left alone', () => {
    const made = database('create table sessions (id text); create table messages (id text, session_id text);');
    expect(collection().plan(made.tables)).toBeNull();
    made.close();
    expect(collection().plan(new Map())).toBeNull();
  });
});

function collection(): DatabaseCollection {
  const found = goose.collections.find(({ kind }) => kind === 'database');
  if (found?.kind !== 'database') throw new Error('Expected a database collection');
  return found;
}

function read(sql: string): {
  readonly members: readonly JsonObject[];
  readonly events: (member: string) => AgentEvent[];
} {
  const made = database(sql);
  const plan = collection().plan(made.tables);
  if (plan === null) throw new Error('Expected a plan');
  const exported = (member: string): JsonObject[] =>
    plan.rows.flatMap((part) => made.rows(part.sql, member).map((row) => ({ table: part.table, row })));
  const members = made.rows(plan.members);
  const events = new Map<string, AgentEvent[]>();
  for (const { member } of members) {
    if (typeof member === 'string')
      events.set(member, adaptAll(goose, exported(member), hintOf({ member, sessionId: member })));
  }
  made.close();
  return { members, events: (member) => events.get(member) ?? [] };
}

function database(sql: string): ReturnType<typeof openDatabaseCopy> {
  const file = path.join(folder, 'sessions.db');
  const made = new sqlite.Database(file);
  made.exec(sql);
  made.close();
  return openDatabaseCopy(file, path.join(folder, 'scratch'));
}
