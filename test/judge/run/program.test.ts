import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repository, runCli } from '../../helpers/cli.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { message, openServer, refusal, type FakeServer } from '../helpers/server.ts';

const machine = scratchForFile();
const key = 'sk-ant-api03-Qw8zLm2nVb5xKc7pRt4yHg1jDf6sAe9uIo3qTzWxN0-canaryAA';
const env = {
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_LOG: 'debug',
  OPENAI_LOG: 'debug',
  DEBUG: '*',
  SESH_NOW: '2026-12-01T12:00:00Z',
};

const null_verdict = JSON.stringify({
  requirements: [],
  checks_after_last_change: [],
  side_effects: [],
  divergence: 'on_track',
  blocker: 'none',
  user_satisfaction: 'silent',
  outcome: 'not_done',
  proposed_score: null,
  null_reason: 'too_little',
  confidence: 'high',
  rationale: 'Too little.',
});

/** Every file below, unpacked where it is text. */
function filesUnder(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function withServer(
  script: Parameters<typeof openServer>[0],
  work: (server: FakeServer) => Promise<void>,
): Promise<void> {
  const server = await openServer(script);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

beforeAll(async () => {
  // The demo has a line that cannot be read, so this ends with 3.
  await runCli(['sync', '--root', 'fixtures/demo'], { machine, env });
}, 60_000);

describe('the built program', () => {
  test('puts its key on the wire and nowhere else: no output, no file, no word of the SDK about what it sends (T43, T44)', async () => {
    const outputs: string[] = [];
    await withServer(
      (_seen, n) =>
        n === 1 ? message(null_verdict) : n === 2 ? { reset: true } : refusal(401, `bad key ${key} given`),
      async ({ url, log }) => {
        const args = ['judge', '--provider', 'anthropic', '--base-url', url, '--last', '3', '--samples', '1'];
        for (const more of [[], ['--json'], ['--debug']]) {
          const done = await runCli([...args, ...more], { machine, env });
          outputs.push(done.stdout, done.stderr);
        }
        expect(log[0]?.headers['x-api-key']).toBe(key);
        expect(log.filter(({ text }) => text.includes(key))).toEqual([]);
        expect(outputs.join('\n')).not.toContain('Make the');
      },
    );
    expect(outputs.join('\n')).toContain('ANTHROPIC_API_KEY');
    for (const part of [key, key.slice(0, 30), key.slice(-20)]) {
      for (const output of outputs) expect(output).not.toContain(part);
      expect(filesUnder(machine).filter((path) => readFileSync(path).includes(part))).toEqual([]);
    }
    // What a library logs would be the body or its headers.
    for (const output of outputs) expect(output).not.toMatch(/x-api-key|"messages"|cache_control/);
  }, 60_000);

  test('takes no key from the command line (T43)', async () => {
    const done = await runCli(['judge', '--api-key', key, '--dry-run'], { machine });
    expect([done.code, done.stdout]).toEqual([2, '']);
    expect(done.stderr).not.toContain(key);
  });

  test('without a key says in one line what to set, and works in everything else', async () => {
    const done = await runCli(['judge'], { machine });
    expect(done.code).toBe(2);
    expect(done.stderr.split('\n')[0]).toContain(
      'sesh judge needs a key: set ANTHROPIC_API_KEY, OPENAI_API_KEY, or --base-url for a server of your own.',
    );
    expect(done.stderr).toContain('Everything else in sesh works without one');
  });

  test('never goes to a host that only the environment or a file of the project names (T18)', async () => {
    await withServer(
      () => message(null_verdict),
      async ({ url, log }) => {
        const evil = {
          ANTHROPIC_BASE_URL: url,
          OPENAI_BASE_URL: url,
          HTTPS_PROXY: url,
          HTTP_PROXY: url,
          ALL_PROXY: url,
        };
        const project = join(machine, 'project');
        mkdirSync(project, { recursive: true });
        writeFileSync(join(project, '.env'), `ANTHROPIC_BASE_URL=${url}\n`);
        writeFileSync(join(project, 'judge.yaml'), `base_url: ${url}\n`);
        const child = spawnSync(process.execPath, [join(repository, 'dist', 'cli.js'), 'judge'], {
          cwd: project,
          env: { HOME: join(machine, 'home'), SESH_HOME: join(machine, 'store'), ...env, ...evil },
          encoding: 'utf8',
        });
        expect(child.status).toBe(2);
        expect(child.stderr).toContain('Transcripts go to api.anthropic.com');
        expect(child.stderr).toContain('Nobody has agreed yet that transcripts go to api.anthropic.com');
        expect(log).toEqual([]);
      },
    );
  }, 30_000);
});

const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

// Where no program may be traced (containers without that right) the dry run is held by command.test.ts alone.
test.skipIf(!canTrace)(
  'a dry run, prompts for others and calibration make no socket of the internet (T45)',
  () => {
    const labels = join(machine, 'labels.csv');
    writeFileSync(labels, 'session_id,agent,score,labeller,guideline_version,note,split\n');
    for (const args of [
      ['judge', '--dry-run', '--show-prompt'],
      ['judge', 'export-prompts', join(machine, 'prompts')],
      ['judge', 'calibrate', labels],
    ]) {
      const trace = join(machine, 'trace');
      const child = spawnSync(
        'strace',
        [
          '-f',
          '-e',
          'trace=socket,connect',
          '-o',
          trace,
          process.execPath,
          join(repository, 'dist', 'cli.js'),
          ...args,
        ],
        {
          env: { HOME: join(machine, 'home'), SESH_HOME: join(machine, 'store'), PATH: process.env['PATH'], ...env },
          encoding: 'utf8',
        },
      );
      expect([args, child.stderr.includes('Error') ? child.stderr : '']).toEqual([args, '']);
      expect(
        readFileSync(trace, 'utf8')
          .split('\n')
          .filter((line) => /AF_INET/.test(line)),
      ).toEqual([]);
    }
  },
  120_000,
);
