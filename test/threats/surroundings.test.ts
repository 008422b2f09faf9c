import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runHere } from '../commands/run-here.ts';
import { repository } from '../helpers/cli.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';

const root = scratchForFile();
const hostile = join(root, 'cloned repository');
const marker = join(root, 'ran');
const trace = join(root, 'trace');
const machine = join(root, 'machine');
const canTrace = spawnSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true']).status === 0;

/** A folder in which everything that a program might read on its own is a trap. */
const traps: Readonly<Record<string, string>> = {
  '.env': `SESH_HOME=${root}/elsewhere\nNODE_OPTIONS=--require=./evil.cjs\n`,
  '.npmrc': 'script-shell=./evil.sh\n',
  '.node-version': '1',
  'package.json': '{"type":"commonjs","sesh":{"root":"/"},"imports":{"#x":"./evil.cjs"}}',
  'tsconfig.json': '{',
  'sesh.config.json': '{"root": ["/"]}',
  '.sesh.yaml': 'root: /\n',
  '.sesh/config.yaml': 'root: /\n',
  'judge.yaml': 'base_url: http://evil.example\n: broken',
  'fixes.yaml': ': : broken',
  'friction-rules.csv': 'broken\n"',
  'privacy.yaml': ': : broken',
  '.config/sesh/privacy.yaml': 'keep_sessions: 1s',
  '.config/sesh/judge.yaml': ': broken',
  '.config/sesh/fixes.yaml': ': : broken',
  'evil.cjs': `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`,
  'evil.sh': `#!/bin/sh\ntouch '${marker}'\n`,
  git: `#!/bin/sh\ntouch '${marker}'\n`,
  'yargs.js': `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`,
  ...Object.fromEntries(
    ['@duckdb/node-api', '@duckdb/node-bindings', 'yargs', 'yaml', 'zod', 'openai'].flatMap((name) => [
      [`node_modules/${name}/package.json`, '{"main":"index.js"}'],
      [`node_modules/${name}/index.js`, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`],
    ]),
  ),
};

/** Runs the built program there, with a careless umask, under a trace where that is possible. */
function sesh(...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(machine, 'home'),
    SESH_HOME: join(machine, 'store'),
    SESH_ZONE: 'UTC',
  };
  const program = [
    'sh',
    '-c',
    'umask 000; exec "$@"',
    'sh',
    process.execPath,
    join(repository, 'dist', 'cli.js'),
    ...args,
  ];
  const traced = [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-A',
    '-e',
    'trace=connect,openat,execve',
    '-o',
    trace,
    ...program,
  ];
  const [command = '', ...rest] = canTrace ? traced : program;
  const { status, stderr } = spawnSync(command, rest, { cwd: hostile, env, encoding: 'utf8' });
  return { status, stderr };
}

const window = ['--since', '2026-03-01', '--until', '2026-03-14'];

const ended: (number | null)[] = [];

beforeAll(() => {
  for (const [name, text] of Object.entries(traps)) {
    mkdirSync(dirname(join(hostile, name)), { recursive: true });
    writeFileSync(join(hostile, name), text, { mode: 0o755 });
  }
  mkdirSync(join(machine, 'home'), { recursive: true });
  const demo = join(repository, 'fixtures', 'demo');
  const out = ['--out', join(machine, 'reports'), '--issues', join(machine, 'drafts')];
  const runs = [
    sesh('sync', '--root', demo),
    sesh('report', ...window, ...out),
    sesh('sql', 'select count(*) from events'),
    sesh('fixes', 'add', '--id', '1', '--title', 'x', '--fixed-at', '2026-03-02', '--category', 'permission'),
    sesh('judge', 'export-prompts', join(machine, 'prompts'), '--last', '1'),
  ];
  ended.push(...runs.map(({ status }) => status));
}, 180_000);

test('every command that is started in a hostile folder does its work (T50)', () =>
  expect(ended).toEqual([0, 0, 0, 0, 0]));

test('nothing of the folder that a program is started in runs or counts (T50, T51)', (context) => {
  expect(existsSync(marker)).toBe(false);
  expect(readdirSync(hostile).toSorted()).toEqual(
    [...new Set(Object.keys(traps).map((name) => name.split('/')[0] ?? ''))].toSorted(),
  );
  expect(readdirSync(root).includes('elsewhere')).toBe(false);
  context.skip(!canTrace, 'no program may be traced here');
  const opened = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /openat\(|execve\(/.test(line));
  expect(opened.length).toBeGreaterThan(50);
  const relative = opened.filter((line) => /openat\(AT_FDCWD, "(?!\/)/.test(line) && !line.includes('"."'));
  expect(relative).toEqual([]);
  expect(opened.filter((line) => Object.keys(traps).some((name) => line.includes(join(hostile, name))))).toEqual([]);
});

test('nothing that a night writes is open to others, whatever the umask (T42)', () => {
  const tree = readdirSync(machine, { recursive: true, encoding: 'utf8' }).map((name) => join(machine, name));
  const written = tree.filter((path) => path !== join(machine, 'home'));
  expect(written.filter((path) => /reports|drafts|prompts|store|\.config/.test(path)).length).toBeGreaterThan(20);
  expect(written.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([]);
});

test('a sync, a report and a statement open no connection (T12, T45)', (context) => {
  context.skip(!canTrace, 'no program may be traced here');
  const connections = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => line.includes('connect('));
  // A look-up of an account may ask the system's own daemon.
  expect(connections.filter((line) => !line.includes('AF_UNIX'))).toEqual([]);
});

test.each([
  ['--require /tmp/x.cjs', true],
  ['--import=./x.mjs', true],
  ['--max-old-space-size=4096', false],
])('a night with NODE_OPTIONS %j says so when they bring code along (T50)', async (options, warned) => {
  // Said before anything else; a wrong alert then ends the night at once.
  const env = { SESH_HOME: join(scratch(), 'store'), NODE_OPTIONS: options };
  const { code, stderr } = await runHere(['nightly', '--alert', 'nothing'], { env });
  expect(code).toBe(2);
  expect(stderr.includes('NODE_OPTIONS')).toBe(warned);
});
