import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hintOf } from '../../src/agents/agent.ts';
import type { DatabaseCollection, FolderCollection } from '../../src/agents/collection.ts';
import { databaseMembers, folderMember } from '../../src/read/members.ts';
import { memberPath, SourceOpener } from '../../src/read/open.ts';
import { UnreadableSource } from '../../src/read/source-file.ts';
import { openSqlite, writeSqlite } from '../helpers/sqlite.ts';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'sesh-members-'));
afterAll(() => fs.rmSync(scratch, { recursive: true }));
const copies = path.join(scratch, 'copies');

const database: DatabaseCollection = {
  kind: 'database',
  recognise: (name) => name.endsWith('.db'),
  plan: (tables) =>
    tables.has('session') && tables.has('message')
      ? {
          members: `select s.id as member, max(s.changed, coalesce(max(m.changed), 0)) as changed_ms,
            count(m.id) * 1000 + coalesce(sum(octet_length(m.data)), 0) as size
            from session s left join message m on m.session = s.id group by s.id order by s.id`,
          rows: [
            { table: 'session', sql: 'select * from session where id = ?1' },
            { table: 'message', sql: 'select * from message where session = ?1 order by id' },
          ],
        }
      : null,
};

const schema = `
  create table session (id text primary key, changed integer);
  create table message (id text primary key, session text, changed integer, data text);
  insert into session values ('ses_a', 1770000000000), ('ses_b', 1770000001000);
  insert into message values ('m1', 'ses_a', 1770000002000, 'one'), ('m2', 'ses_b', 1770000001000, 'two');`;

function read(file: string, member: string, collection: DatabaseCollection | FolderCollection): string {
  const opener = new SourceOpener(copies);
  try {
    const source = opener.open(memberPath(file, member), hintOf({ member }), [collection]);
    return source.read(0, source.identity.sizeBytes).toString();
  } finally {
    opener.close();
  }
}

describe('a database', () => {
  test('gives each session as JSON lines, table after table', () => {
    const file = path.join(scratch, 'plain', 'a.db');
    writeSqlite(file, schema);
    expect(databaseMembers(file, database, copies).map(({ member }) => member)).toEqual(['ses_a', 'ses_b']);
    expect(read(file, 'ses_a', database)).toBe(
      '{"table":"session","row":{"id":"ses_a","changed":1770000000000}}\n' +
        '{"table":"message","row":{"id":"m1","session":"ses_a","changed":1770000002000,"data":"one"}}\n',
    );
  });

  test('is read with the rows that are only in its write-ahead log, and nothing beside it changes (F43)', () => {
    const folder = path.join(scratch, 'wal');
    const file = path.join(folder, 'a.db');
    const writer = openSqlite(file);
    writer.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma wal_autocheckpoint = 0');
    writer.exec(schema);
    const collected = path.join(scratch, 'collected');
    fs.cpSync(folder, collected, { recursive: true });
    writer.close();
    const copy = path.join(collected, 'a.db');
    const before = stateOf(collected);
    expect(Object.keys(before)).toContain('a.db-wal');
    expect(read(copy, 'ses_b', database)).toContain('"two"');
    expect(databaseMembers(copy, database, copies)).toHaveLength(2);
    expect(stateOf(collected)).toEqual(before);
    // Without the log only what was written back is there.
    fs.rmSync(path.join(collected, 'a.db-wal'));
    expect(() => read(copy, 'ses_b', database)).toThrow(UnreadableSource);
  });

  test('has another stamp for a session that changed, and the same one for the others', () => {
    const file = path.join(scratch, 'stamps', 'a.db');
    writeSqlite(file, schema);
    const stamps = (): readonly bigint[] =>
      databaseMembers(file, database, copies).map(({ identity }) => identity.mtimeNs);
    const [a, b] = stamps();
    writeSqlite(file, "update message set data = 'longer' where id = 'm1'");
    const [newer, same] = stamps();
    expect(newer).not.toBe(a);
    expect(same).toBe(b);
    expect([a, newer].map((stamp) => (stamp ?? 0n) / 1_000_000n)).toEqual([1770000002000n, 1770000002000n]);
  });

  test('keeps whole numbers that JavaScript cannot hold, and bytes, as text', () => {
    const file = path.join(scratch, 'values', 'a.db');
    writeSqlite(file, `${schema} insert into message values ('m3', 'ses_a', 9007199254740993, x'c3ff');`);
    expect(read(file, 'ses_a', database)).toContain(
      '{"id":"m3","session":"ses_a","changed":"9007199254740993","data":"c3ff"}',
    );
  });

  test('of another program has no sessions, and what is no database cannot be read', () => {
    const other = path.join(scratch, 'other', 'a.db');
    writeSqlite(other, 'create table notes (id)');
    expect(databaseMembers(other, database, copies)).toEqual([]);
    const broken = path.join(scratch, 'other', 'b.db');
    fs.writeFileSync(broken, 'no database at all, '.repeat(300));
    expect(() => databaseMembers(broken, database, copies)).toThrow(UnreadableSource);
    expect(() => read(broken, 'ses_a', database)).toThrow(UnreadableSource);
  });

  test('leaves no copy behind, whatever happens', () => {
    expect(fs.readdirSync(copies)).toEqual([]);
  });

  test('that is a link is not followed', () => {
    const file = path.join(scratch, 'linked', 'a.db');
    writeSqlite(file, schema);
    const link = path.join(scratch, 'linked', 'b.db');
    fs.symlinkSync(file, link);
    expect(() => databaseMembers(link, database, copies)).toThrow(UnreadableSource);
  });
});

const folderCollection: FolderCollection = {
  kind: 'folder',
  recognise: () => null,
  files: (member, list) => [
    `session/${member}.json`,
    ...list(`message/${member}`).map((name) => `message/${member}/${name}`),
  ],
};

test('a folder gives each session as JSON lines, file after file, and a stamp that follows each of its files', () => {
  const folder = path.join(scratch, 'storage');
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  write('session/s1.json', '{"id":"s1"}');
  write('message/s1/m1.json', '{\n  "role": "user"\n}');
  write('message/s1/m2.json', 'not json');
  expect(read(folder, 's1', folderCollection)).toBe(
    '{"file":"session/s1.json","value":{"id":"s1"}}\n' +
      '{"file":"message/s1/m1.json","value":{"role":"user"}}\n' +
      '{"file":"message/s1/m2.json","text":"not json"}\n',
  );
  const stamp = (): bigint => folderMember(folder, 's1', folderCollection).identity.mtimeNs;
  const before = stamp();
  expect(stamp()).toBe(before);
  write('message/s1/m3.json', '{}');
  expect(stamp()).not.toBe(before);
});

function stateOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    fs.readdirSync(folder).map((name) => {
      const { size, mtimeNs, ino } = fs.lstatSync(path.join(folder, name), { bigint: true });
      return [name, `${ino}:${size}:${mtimeNs}`];
    }),
  );
}
