import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import type { DatabaseCollection, DatabasePlan, TableColumns } from '../../../src/agents/collection.ts';
import { opencode } from '../../../src/agents/opencode/index.ts';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'sesh-opencode-'));

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

const whole = `
  create table project (id text primary key, worktree text);
  create table session (
    id text primary key, project_id text, parent_id text, directory text, title text, version text,
    summary_diffs text, time_created integer, time_updated integer, revert text);
  create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text);
  create table part (
    id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text);
  create table session_message (
    id text primary key, session_id text, type text, seq integer, time_created integer, time_updated integer, data text);
  insert into session values
    ('ses_1', 'p', null, '/home/ann/shop', 'Büro', '1.2.20', '[]', 100, 110, null),
    ('ses_2', 'p', 'ses_1', '/home/ann/shop', null, '1.2.20', '[]', 120, 120, null);
  insert into message values
    ('msg_2', 'ses_1', 102, 102, '{"role":"assistant"}'),
    ('msg_1', 'ses_1', 101, 150, '{"role":"user"}'),
    ('msg_4', 'ses_2', 121, 121, '{}');
  insert into part values
    ('prt_3', 'msg_2', 'ses_1', 103, 103, '{"type":"text"}'),
    ('prt_2', 'msg_1', 'ses_1', 109, 109, '{}'),
    ('prt_1', 'msg_2', 'ses_1', 102, 170, '{"text":"ö"}');
  insert into session_message values
    ('msg_9', 'ses_2', 'user', 2, 131, 131, '{"b":1}'),
    ('msg_8', 'ses_2', 'user', 1, 132, 190, '{"a":1}');
`;

describe('a database', () => {
  test('gives one row a session, with its last change and a size that longer rows change', () => {
    expect(members(whole)).toEqual([
      // 1 + 5 bytes of title; 2 messages of 20 and 15; 3 parts of 15, 2 and 13 bytes.
      { member: 'ses_1', changed_ms: 170, size: 1 + 5 + 2 + 35 + 3 + 30 },
      { member: 'ses_2', changed_ms: 190, size: 1 + 1 + 2 + 2 + 14 },
    ]);
  });

  test('gives the rows of a session: messages by time, parts in the order of their messages', () => {
    expect(rows(whole, 'ses_1')).toEqual([
      ['session', 'ses_1'],
      ['message', 'msg_1'],
      ['message', 'msg_2'],
      ['part', 'prt_2'],
      ['part', 'prt_1'],
      ['part', 'prt_3'],
    ]);
    expect(rows(whole, 'ses_2')).toEqual([
      ['session', 'ses_2'],
      ['message', 'msg_4'],
      ['session_message', 'msg_8'],
      ['session_message', 'msg_9'],
    ]);
    expect(rows(whole, 'nobody')).toEqual([]);
  });

  test('gives what the adapter reads, and nothing that changes with every step', () => {
    const [first] = read(whole, (plan, all) => plan.rows.map(({ sql }) => all(sql, 'ses_1')[0]));
    expect(first).toEqual({
      id: 'ses_1',
      project_id: 'p',
      parent_id: null,
      directory: '/home/ann/shop',
      title: 'Büro',
      version: '1.2.20',
      revert: null,
      time_created: 100,
    });
  });

  test('may lack columns, tables and session rows', () => {
    const first = `
      create table session (id text);
      create table message (id text, session_id text, data text);
      create table part (id text, message_id text, session_id text, data text);
      insert into session values ('ses_1'), (null), ('');
      insert into message values ('msg_2', 'ses_1', '{}'), ('msg_1', 'ses_1', null), ('msg_3', 'ses_gone', '{}');
      insert into part values ('prt_1', 'msg_gone', 'ses_1', '{}');`;
    expect(members(first)).toEqual([
      { member: 'ses_1', changed_ms: 0, size: 6 + 2 },
      { member: 'ses_gone', changed_ms: 0, size: 3 },
    ]);
    expect(rows(first, 'ses_1').map(([, id]) => id)).toEqual(['ses_1', 'msg_1', 'msg_2', 'prt_1']);
    expect(rows(first, 'ses_gone')).toEqual([['message', 'msg_3']]);
  });

  test('of the newest builds has its sessions in another table', () => {
    const second = `
      create table session_v2 (id text, fork_session_id text, time_updated integer);
      create table session_message (id text, session_id text, type text, seq integer, data text);
      insert into session_v2 values ('ses_1', 'ses_0', 7);
      insert into session_message values ('msg_1', 'ses_1', 'user', 1, '{}');`;
    expect(members(second)).toEqual([{ member: 'ses_1', changed_ms: 7, size: 1 + 3 }]);
    expect(rows(second, 'ses_1')).toEqual([
      ['session', 'ses_1'],
      ['session_message', 'msg_1'],
    ]);
  });

  test.each([
    'create table session (id text)',
    'create table session (name text); create table message (id text, session_id text, data text)',
    'create table message (id text, session_id text, data text)',
    'create table session (id text); create table message (id text, body text)',
  ])('of another program is left alone: %s', (schema) => {
    expect(planOf(tablesOf(schema))).toBeNull();
  });
});

type Rows = readonly Readonly<Record<string, unknown>>[];
type All = (sql: string, bound?: string) => Rows;

function members(schema: string): Rows {
  return read(schema, (plan, all) => all(plan.members));
}

function rows(schema: string, session: string): unknown[][] {
  return read(schema, (plan, all) =>
    plan.rows.flatMap(({ table, sql }) => all(sql, session).map((row) => [table, row['id']])),
  );
}

function read<T>(schema: string, use: (plan: DatabasePlan, all: All) => T): T {
  return withDatabase(schema, (all) => {
    const plan = planOf(columnsIn(all));
    if (plan === null) throw new Error('Expected the tables to be known');
    return use(plan, all);
  });
}

function tablesOf(schema: string): TableColumns {
  return withDatabase(schema, columnsIn);
}

function withDatabase<T>(schema: string, use: (all: All) => T): T {
  const database = new sqlite.Database(path.join(fs.mkdtempSync(path.join(scratch, 'db-')), 'opencode.db'));
  try {
    database.exec(schema);
    return use((sql, bound) => database.all(sql, bound === undefined ? [] : [bound]));
  } finally {
    database.close();
  }
}

function columnsIn(all: All): TableColumns {
  const columns = new Map<string, string[]>();
  const found = all(
    `select m.name as "table", c.name as "column" from sqlite_schema m join pragma_table_info(m.name) c`,
  );
  for (const { table, column } of found) {
    columns.set(String(table), [...(columns.get(String(table)) ?? []), String(column)]);
  }
  return columns;
}

function planOf(tables: TableColumns): DatabasePlan | null {
  const database = opencode.collections.find((each): each is DatabaseCollection => each.kind === 'database');
  if (database === undefined) throw new Error('Expected OpenCode to have a database');
  return database.plan(tables);
}
