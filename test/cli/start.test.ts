import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repository, runCli } from '../helpers/cli.ts';
import { scratchForFile } from '../helpers/scratch.ts';

const withoutEngine = { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'refuse-engine.mjs')}` };
const loading = { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'loaded-modules.mjs')}` };

const machine = scratchForFile();

beforeAll(async () => {
  cpSync(join(repository, 'fixtures', 'demo'), join(machine, 'tree'), { recursive: true });
  await runCli(['sync', '--root', join(machine, 'tree')], { machine });
});

async function packagesOf(args: readonly string[]): Promise<readonly string[]> {
  const { code, stderr } = await runCli(args, { machine, env: loading });
  expect(code).toBe(0);
  return [...new Set([...stderr.matchAll(/^loaded (.+)$/gm)].map(([, name]) => name ?? ''))].toSorted();
}

const ENGINE = /^(@duckdb\/|detect-libc$)/;
/** The rules for secrets bring zod. */
const SECRETS = /^(@secretlint\/|zod$)/;
const MEASURING = ['ansi-regex', 'get-east-asian-width', 'string-width', 'strip-ansi'];

describe('sesh stats', () => {
  test('answers without the engine what the engine answered before, until the store changes', async () => {
    const first = await runCli(['stats', '--json'], { machine });
    const again = await runCli(['stats', '--json'], { machine, env: withoutEngine });
    expect(again).toEqual({ code: 0, stdout: first.stdout, stderr: '' });

    const session = join(machine, 'tree', 'projects', 'new', '0d1e2f3a-0000-4000-8000-00000000abcd.jsonl');
    const prompt = {
      parentUuid: null,
      isSidechain: false,
      userType: 'external',
      cwd: '/home/ann/orchard',
      sessionId: '0d1e2f3a-0000-4000-8000-00000000abcd',
      version: '2.1.44',
      type: 'user',
      message: { role: 'user', content: 'count the apples' },
      uuid: '0d1e2f3a-0000-4000-8000-000000000001',
      timestamp: '2026-03-01T10:00:00.000Z',
    };
    mkdirSync(dirname(session), { recursive: true });
    writeFileSync(session, `${JSON.stringify(prompt)}\n`);
    expect((await runCli(['sync', '--root', join(machine, 'tree')], { machine })).code).toBe(0);
    expect((await runCli(['stats', '--json'], { machine, env: withoutEngine })).code).not.toBe(0);

    const grown = await runCli(['stats', '--json'], { machine });
    const sessions = (text: string): unknown => JSON.parse(text).totals.sessions;
    expect(sessions(grown.stdout)).toBe(Number(sessions(first.stdout)) + 1);
    expect((await runCli(['stats', '--json'], { machine, env: withoutEngine })).stdout).toBe(grown.stdout);
  });

  test('asks the engine for a window, for some sessions, and when its memory is damaged', async () => {
    const whole = await runCli(['stats', '--json'], { machine });
    const path = join(machine, 'store', 'cache', 'stats.json');
    for (const narrowed of [
      ['--since', '2000-01-01'],
      ['--min-active', '1s'],
      ['--agent', 'codex'],
    ]) {
      expect((await runCli(['stats', ...narrowed], { machine, env: withoutEngine })).code).not.toBe(0);
    }
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100));
    expect((await runCli(['stats'], { machine, env: withoutEngine })).code).not.toBe(0);
    expect((await runCli(['stats', '--json'], { machine })).stdout).toBe(whole.stdout);
  });
});

describe('sesh sessions', () => {
  const orders = ['started', 'ended', 'active', 'wall', 'cost', 'tokens', 'prompts', 'calls', 'errors'];
  const inOrder = (name: string): readonly string[] => ['sessions', '--json', '--limit', '5', '--sort', name];

  test('lists without the engine what the engine listed before, in every order, until the store changes', async () => {
    await runCli(['sessions'], { machine });
    for (const name of orders) {
      const kept = await runCli(inOrder(name), { machine, env: withoutEngine });
      // Whoever says how a window takes sessions asks the views.
      const asked = await runCli([...inOrder(name), '--anchor', 'activity'], { machine });
      expect(kept).toEqual({ code: 0, stdout: asked.stdout, stderr: '' });
    }
    const path = join(machine, 'store', 'cache', 'sessions.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"orders"', '"others"'));
    expect((await runCli(['sessions'], { machine, env: withoutEngine })).code).not.toBe(0);
  });
});

describe('what is loaded', () => {
  test('for the version: no package', async () => {
    expect(await packagesOf(['--version'])).toEqual([]);
  });

  test('for totals that are known: what measures texts', async () => {
    await runCli(['stats'], { machine });
    expect(await packagesOf(['stats'])).toEqual(MEASURING);
  });

  test.each([['sessions'], ['runs']])('for sesh %s: the engine and what measures texts', async (...args) => {
    const packages = await packagesOf(args);
    expect(packages.filter((name) => !ENGINE.test(name) && !MEASURING.includes(name))).toEqual([]);
  });

  test('for a report: the engine and what finds secrets', async () => {
    const packages = await packagesOf(['report', '--stdout']);
    expect(packages.filter((name) => !ENGINE.test(name) && !SECRETS.test(name))).toEqual([]);
  });

  test('for a sync without news: neither the engine nor what parses command lines, reads settings or asks', async () => {
    const packages = await packagesOf(['sync', '--root', join(machine, 'tree'), '--json']);
    expect(packages.filter((name) => /^(@duckdb|yargs|yaml|zod|openai|@anthropic-ai)/.test(name))).toEqual([]);
  });
});
