import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agents } from '../../src/agents/index.ts';
import { repository } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';
import { openSqlite } from '../helpers/sqlite.ts';
import { treeHashes } from '../helpers/store.ts';

const changing = [
  'openat',
  'creat',
  'rename',
  'renameat',
  'renameat2',
  'unlink',
  'unlinkat',
  'mkdir',
  'mkdirat',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'truncate',
  'chmod',
  'fchmodat',
  'chown',
  'fchownat',
  'utimensat',
  'mknod',
  'mknodat',
];
const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

/** A tree with the fixtures of every agent, and databases with rows that are only in their logs. */
function collect(root: string): string {
  const tree = join(root, 'tree');
  for (const { id } of agents) {
    for (const name of readdirSync(join(repository, 'fixtures', id))) {
      cpSync(join(repository, 'fixtures', id, name, 'input'), join(tree, `${id}-${name}`), { recursive: true });
    }
  }
  const written = join(root, 'written');
  const writer = openSqlite(join(written, 'opencode.db'));
  writer.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma wal_autocheckpoint = 0');
  writer.exec(`
    create table session (id text primary key, directory text, version text, time_created integer, time_updated integer);
    create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text);
    create table part (id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text);
    insert into session values ('ses_a', '/home/ann/shop', '1.4.0', 1770000000000, 1770000000000);
    insert into message values ('msg_a', 'ses_a', 1770000000000, 1770000000000, '{"role":"user","time":{"created":1770000000000}}');
    insert into part values ('prt_a', 'msg_a', 'ses_a', 1770000000000, 1770000000000, '{"type":"text","text":"fix the login test"}');`);
  cpSync(written, join(tree, 'databases', 'opencode'), { recursive: true });
  writer.close();
  return tree;
}

// Where no program may be traced (containers without that right), the hashes alone speak.
test.skipIf(!canTrace || !existsSync(join(repository, 'dist', 'cli.js')))(
  'a sync opens nothing below a source root for writing, creates nothing there and changes nothing (F09)',
  () => {
    const root = scratch();
    const tree = collect(root);
    const before = treeHashes(tree);
    const trace = join(root, 'trace');
    const home = join(root, 'home');
    mkdirSync(home);
    const program = [process.execPath, join(repository, 'dist', 'cli.js'), 'sync', '--root', tree, '--json'];
    const { stdout, stderr } = spawnSync(
      'strace',
      ['-f', '-qq', '-e', `trace=${changing.join()}`, '-o', trace, ...program],
      {
        env: { HOME: home, SESH_HOME: join(root, 'store'), PATH: process.env['PATH'] ?? '' },
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ files: { unreadable: 0 } });
    const calls = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes(tree));
    expect(calls.length).toBeGreaterThan(agents.length);
    const wrong = calls.filter(
      (line) => !/openat\(.*O_RDONLY/.test(line) || /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(line),
    );
    expect(wrong).toEqual([]);
    expect(treeHashes(tree)).toEqual(before);
    rmSync(trace);
  },
  120_000,
);
