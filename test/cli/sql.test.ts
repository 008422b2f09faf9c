import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeTwoSessions } from '../commands/two-sessions.ts';
import { writeLines } from '../helpers/claude.ts';
import { repository, runCli } from '../helpers/cli.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { syncStore } from '../helpers/store.ts';

const machine = scratchForFile();

const sesh = (...args: readonly string[]): ReturnType<typeof runCli> => runCli(args, { machine });
const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse((await sesh(...args, '--json')).stdout);

beforeAll(async () => {
  await syncStore({ store: join(machine, 'store'), roots: [writeTwoSessions(machine).transcripts] });
});

describe('sesh sql', () => {
  test('prints rows as a table, JSON, CSV and markdown', async () => {
    const statement = "select project, prompts, '=1+1' as formula from sessions order by project";
    const printed = async (...args: readonly string[]): Promise<string> =>
      (await sesh('sql', statement, ...args)).stdout;
    expect(await printed()).toBe('project  prompts  formula\napi            1  =1+1\nshop           2  =1+1\n');
    expect(JSON.parse(await printed('--format', 'json'))).toEqual([
      { project: 'api', prompts: 1, formula: '=1+1' },
      { project: 'shop', prompts: 2, formula: '=1+1' },
    ]);
    expect(await printed('--format', 'csv')).toBe(`"project","prompts","formula"\n"api",1,"'=1+1"\n"shop",2,"'=1+1"\n`);
    expect(await printed('--format', 'csv', '--raw')).toContain('"api",1,"=1+1"');
    expect(await printed('--format', 'markdown')).toBe(
      '| project | prompts | formula |\n| --- | --- | --- |\n| api | 1 | =1+1 |\n| shop | 2 | =1+1 |\n',
    );
  });

  test('reads the statement from a file and from standard input', async () => {
    const file = join(machine, 'query.sql');
    writeLines(file, ['-- how many?', 'select count(*) as n', 'from sessions;']);
    expect(await json('sql', '--file', file)).toEqual([{ n: 2 }]);
    const { stdout } = await runCli(['sql', '--json'], { machine, input: 'select 1 as one -- end' });
    expect(JSON.parse(stdout)).toEqual([{ one: 1 }]);
  });

  test('says when rows are left out', async () => {
    const { stdout, stderr } = await sesh('sql', 'from range(5)', '--limit', '2', '--format', 'csv');
    expect({ stdout, stderr }).toEqual({
      stdout: '"range"\n0\n1\n',
      stderr: 'Only the first 2 rows are shown; --limit asks for more.\n',
    });
    expect((await sesh('sql', 'from range(2)', '--limit', '2', '--format', 'csv')).stderr).toBe('');
  });

  test.each([['describe sessions'], ['show tables'], ['summarize sessions']])('answers %j', async (statement) => {
    const { code, stdout } = await sesh('sql', statement, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).length).toBeGreaterThan(5);
  });

  test.each([
    ['select 1; select 2', 'Expected one statement, got several.'],
    ['create table t (a int)', 'Expected a SELECT, got another kind of statement.'],
    ['insert into events select * from events', 'Expected a SELECT, got another kind of statement.'],
    ["copy (select 1) to '/tmp/x'", 'Expected a SELECT, got another kind of statement.'],
    ["attach '/tmp/x.duckdb'", 'Expected a SELECT, got another kind of statement.'],
    ['set memory_limit = 0', 'Expected a SELECT, got another kind of statement.'],
    ['install httpfs', 'Expected a SELECT, got another kind of statement.'],
    ['explain analyze create table t as select 1', 'Expected a SELECT, got another kind of statement.'],
    ["select * from read_text('/etc/hostname')", 'The function read_text cannot be used here.'],
    ['select 1) union all (select 2', 'The SQL cannot be read'],
    ['selec 1', 'The SQL cannot be read'],
    ['', 'Expected a statement, got nothing.'],
    ['-- nothing', 'Expected a statement'],
  ])('refuses %j', async (statement, message) => {
    const { code, stdout, stderr } = await runCli(['sql', '--file', '-'], { machine, input: statement });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`sesh: ${message}`);
  });

  test("a file's name is no table", async () => {
    const { code, stderr } = await sesh('sql', "from '/etc/hostname'");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sesh: /);
  });

  test('no function tells it the environment, and its memory is what SESH_MEMORY leaves', async () => {
    const env = { SESH_SECRET_CANARY: 'canary', DUCKDB_MEMORY: '1TB', SESH_MEMORY: '1GiB' };
    const asked =
      "select current_setting('memory_limit') as memory, coalesce(getenv('SESH_SECRET_CANARY'), 'nothing') as canary";
    const { stderr } = await runCli(['sql', asked, '--json'], { machine, env });
    // The engine's own way to the environment is not there either.
    expect(stderr).toMatch(/getenv/);
    const { stdout } = await runCli(['sql', "select current_setting('memory_limit') as memory", '--json'], {
      machine,
      env,
    });
    expect(JSON.parse(stdout)).toEqual([{ memory: '874.0 MiB' }]);
  });

  test.runIf(process.platform === 'linux')(
    'runs a statement in a process with no environment, no input and no open file of the caller, and stops it in time (F70, T43)',
    async () => {
      const endless = 'select count(*) from range(1000000000) a, range(1000) b where a.range * b.range = 7';
      const env = { HOME: scratch(), SESH_HOME: join(machine, 'store'), OPENAI_API_KEY: 'canary-4711', TZ: 'UTC' };
      const secretFile = join(machine, 'secret');
      writeLines(secretFile, ['canary-4711']);
      const inherited = openSync(secretFile, 'r');
      const parent = spawn(process.execPath, [join(repository, 'dist', 'cli.js'), 'sql', endless, '--timeout', '2s'], {
        env,
        stdio: ['pipe', 'ignore', 'pipe', inherited],
      });
      closeSync(inherited);
      const ended = Promise.all([text(parent.stderr ?? Readable.from([])), once(parent, 'close')]);
      const child = await childOf(parent.pid ?? 0);
      const names = readFileSync(`/proc/${child}/environ`, 'utf8')
        .split('\0')
        .map((entry) => entry.replace(/=.*/s, ''));
      expect(names.filter((name) => name !== '' && !name.startsWith('NODE_CHANNEL_'))).toEqual([]);
      expect(['0', '1', '2'].map((number) => openFile(child, number))).toEqual(['/dev/null', '/dev/null', '/dev/null']);
      expect(readdirSync(`/proc/${child}/fd`).map((number) => openFile(child, number))).not.toContain(secretFile);
      const [stderr, [code]] = await ended;
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'sesh: The statement was stopped after 2 s.\nAsk for less, or give it more time with --timeout 5m.\n',
      });
      expect(existsSync(`/proc/${child}`)).toBe(false);
    },
  );
});

/** The only child of a process, as soon as it runs a program of its own. */
async function childOf(pid: number): Promise<string> {
  for (;;) {
    const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    if (child !== '' && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('sql-child')) return child;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function openFile(pid: string, number: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${number}`);
  } catch {
    return 'closed meanwhile';
  }
}
