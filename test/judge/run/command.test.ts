import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { judge } from '../../../src/commands/judge/judge.ts';
import type { Invocation } from '../../../src/commands/command.ts';
import { readFlags } from '../../../src/commands/options.ts';
import { openTerminal } from '../../../src/commands/terminal.ts';
import { asArray, asObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { acquireJudgeLock } from '../../../src/lake/lock.ts';
import { openStore } from '../../../src/lake/store.ts';
import {
  callLine,
  minute,
  promptLine,
  resultLine,
  sessionNumber,
  uuidNumber,
  writeLines,
} from '../../helpers/claude.ts';
import { scratch, scratchForFile } from '../../helpers/scratch.ts';
import { syncStore, treeHashes } from '../../helpers/store.ts';
import { published } from '../helpers/judging.ts';
import { completion, message, refusal, startServer, type FakeServer } from '../helpers/server.ts';

const canary = 'sk-ant-api03-Zk39vQx7Lm2pR8sT4wYb6Nc1Hd5Jf0GaEuIoKtXyVzWq-canaryAA';
const token = 'ghp_R7s9Tq2Lm4Xv8Kz1Wb6Yc3Nd5Hf0Ja2EuIo';

/** Three sessions: a request, a command, its result. One of them shows secrets. */
function writeSessions(root: string): void {
  for (let n = 1; n <= 3; n += 1) {
    const session = sessionNumber(n);
    const at = (step: number) => ({ session, uuid: uuidNumber(10 * n + step), at: minute(10 * n + step) });
    const secret = n === 1 ? ` The token is ${token}.` : '';
    writeLines(join(root, '-home-ann-shop', `${session}.jsonl`), [
      promptLine(at(1), `Make test ${n} pass.${secret}`),
      callLine(at(2), `call${n}`, 'Bash', { command: `npm test -- ${n === 1 ? `--key=${canary}` : ''}` }),
      resultLine(at(3), `call${n}`, `ok ${n} - everything passes here${secret}`),
    ]);
  }
}

const verdict = (more: JsonObject = {}): string =>
  JSON.stringify({
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
    rationale: 'Too little to tell.',
    ...more,
  });

interface Stage {
  readonly machine: string;
  readonly store: string;
  readonly config: string;
  readonly run: (flags: Readonly<Record<string, unknown>>, env?: Readonly<Record<string, string>>) => Promise<Done>;
}

interface Done {
  readonly code: number | null;
  readonly error: string;
  readonly stdout: string;
  readonly stderr: string;
}

const synced = scratchForFile();

// One sync for all tests: each has a copy of the store. The sources stay where they were.
beforeAll(async () => {
  mkdirSync(join(synced, 'projects'));
  writeSessions(join(synced, 'projects'));
  await syncStore({ store: join(synced, 'store'), roots: [join(synced, 'projects')] });
});

async function stage(): Promise<Stage> {
  const machine = scratch();
  const [store, config] = [join(machine, 'store'), join(machine, 'config', 'sesh')];
  cpSync(join(synced, 'store'), store, { recursive: true });
  const run: Stage['run'] = async (flags, env = {}) => {
    const written = { stdout: '', stderr: '' };
    const output = (name: 'stdout' | 'stderr') => ({
      write: (text: string) => (written[name] += text),
      isTTY: false,
      columns: undefined,
    });
    const invocation: Invocation = {
      flags: readFlags(flags),
      argument: undefined,
      second: undefined,
      terminal: openTerminal(output('stdout'), output('stderr'), { NO_COLOR: '1' }),
      surroundings: { env: { XDG_CONFIG_HOME: join(machine, 'config'), ...env }, home: machine, platform: 'linux' },
      storeDir: store,
      zone: 'UTC',
      memoryBytes: 2 ** 30,
      now: () => Date.parse('2026-02-11T16:00:00Z') * 1000,
      io: {
        readStdin: async () => '',
        writeStdout: () => undefined,
        stdinIsTTY: false,
        stdoutIsTTY: false,
        stderrIsTTY: false,
      },
    };
    try {
      return { code: await judge(invocation), error: '', ...written };
    } catch (error) {
      if (!(error instanceof Error && 'exitCode' in error && 'hint' in error)) throw error;
      return { code: Number(error.exitCode), error: `${error.message}\n${String(error.hint)}`, ...written };
    }
  };
  return { machine, store, config, run };
}

const local = (server: FakeServer) => ({ provider: 'anthropic', 'base-url': server.url, samples: '1' });
const withKey = { ANTHROPIC_API_KEY: canary };

function json(text: string): JsonObject {
  const parsed: Json = JSON.parse(text);
  return asObject(parsed) ?? {};
}

beforeEach(() => {
  vi.unstubAllEnvs();
});

describe('sesh judge', () => {
  test('judges the newest sessions once, and the second time sends nothing', async () => {
    const { store, run } = await stage();
    const server = await startServer(() => message(verdict()));
    const first = await run({ ...local(server), last: '2' }, withKey);
    expect(first).toMatchObject({ code: 0, error: '' });
    expect(first.stdout).toContain('2 judged; 2 requests, $0.00.');
    expect(first.stderr).toContain(
      `Transcripts stay on this machine (${new URL(server.url).host}, claude-sonnet-5-5).`,
    );
    expect(await published(store, ['session_id', 'null_reason'])).toEqual([
      { session_id: sessionNumber(2), null_reason: 'too_little' },
      { session_id: sessionNumber(3), null_reason: 'too_little' },
    ]);
    const again = await run({ ...local(server), last: '2' }, withKey);
    expect(again.stdout).toContain('2 known; 0 requests, $0.00.');
    expect(server.log).toHaveLength(2);
    const once = await run({ ...local(server), last: '2', json: true }, withKey);
    const twice = await run({ ...local(server), last: '2', json: true }, withKey);
    expect(twice.stdout).toBe(once.stdout);
    expect(server.log).toHaveLength(2);
  });

  test('prints one document with --json', async () => {
    const { run } = await stage();
    const server = await startServer(() => message(verdict()));
    const done = await run({ ...local(server), session: [sessionNumber(3)], json: true }, withKey);
    const document = json(done.stdout);
    expect(document).toMatchObject({
      provider: 'anthropic',
      model: 'claude-sonnet-5-5',
      host: new URL(server.url).host,
      eligible: 1,
      requests: 1,
      spent_usd: 0,
      ending: null,
    });
    expect(asArray(document['sessions'])).toMatchObject([
      {
        agent: 'claude-code',
        session_id: sessionNumber(3),
        status: 'judged',
        samples: [{ score: null, requirements: [] }],
      },
    ]);
  });

  test('without any key says what to set, in one line, and that the rest works without', async () => {
    const { run, machine } = await stage();
    const before = treeHashes(machine);
    expect(await run({})).toEqual({
      code: 2,
      error:
        'sesh judge needs a key: set ANTHROPIC_API_KEY, OPENAI_API_KEY, or --base-url for a server of your own.\n' +
        'Everything else in sesh works without one, and `sesh judge --dry-run` shows what would be asked.',
      stdout: '',
      stderr: '',
    });
    expect(treeHashes(machine)).toEqual(before);
  });

  test('takes the provider whose key is there, and asks before anything leaves the machine', async () => {
    const { run } = await stage();
    const anthropic = await run({}, withKey);
    expect(anthropic.error).toMatch(
      /^Nobody has agreed yet that transcripts go to api\.anthropic\.com with this key\./,
    );
    const openai = await run({}, { OPENAI_API_KEY: canary });
    expect([openai.code, openai.error.split('\n')[0]]).toEqual([
      2,
      'Nobody has agreed yet that transcripts go to api.openai.com with this key.',
    ]);
  });

  test('never takes the address from the environment (T18)', async () => {
    const { run } = await stage();
    const evil = await startServer(() => message(verdict()));
    vi.stubEnv('ANTHROPIC_BASE_URL', evil.url);
    const done = await run({}, { ...withKey, ANTHROPIC_BASE_URL: evil.url });
    expect(done.error).toContain('api.anthropic.com');
    expect(evil.log).toEqual([]);
  });

  test('with a key that is refused asks once, names the variable, and never shows the key (T43)', async () => {
    const { run } = await stage();
    const server = await startServer(() => refusal(401, `invalid x-api-key ${canary}`));
    const done = await run(local(server), withKey);
    expect(done.code).toBe(1);
    expect(done.error).toContain('does not accept the key in ANTHROPIC_API_KEY (401).');
    expect(JSON.stringify(done)).not.toContain(canary);
    expect(server.log).toHaveLength(1);
  });

  test('leaves sessions for later with exit code 3', async () => {
    const { run } = await stage();
    const server = await startServer((_seen, n) =>
      n === 1 ? message(verdict()) : refusal(429, 'x', { 'retry-after': '7999' }),
    );
    const done = await run(local(server), withKey);
    expect(done.code).toBe(3);
    expect(done.stdout).toContain('1 judged, 2 left for later');
    expect(done.stderr).toMatch(
      /The service asks to wait until \d{4}-\d\d-\d\d \d\d:\d\d\. Run the command again then\./,
    );
  });

  test('says that a line of the ledger was cut off, and asks again only where the answer was in it', async () => {
    const { run, store } = await stage();
    const server = await startServer(() => message(verdict()));
    await run({ ...local(server), last: '2' }, withKey);
    const name = readdirSync(join(store, 'judge')).find((file) => file.startsWith('ledger-')) ?? '';
    const ledger = join(store, 'judge', name);
    const whole = readFileSync(ledger, 'utf8');
    // A machine that went down while it wrote down what the table had got: the answers are there.
    writeFileSync(ledger, whole.slice(0, -40));
    const last = await run({ ...local(server), last: '2' }, withKey);
    expect([last.code, server.log.length]).toEqual([0, 2]);
    expect(last.stderr).toContain('A line of the ledger is damaged; what it said may be asked again.');
    // While it wrote down an answer, before anything came of it.
    rmSync(join(store, 'verdicts'), { recursive: true });
    writeFileSync(ledger, whole.slice(0, whole.lastIndexOf('"type":"response"') + 100));
    const again = await run({ ...local(server), last: '2' }, withKey);
    expect([again.code, server.log.length]).toEqual([0, 3]);
    expect(await published(store, ['session_id'])).toHaveLength(2);
  });

  test('says so when another judge is at work, and takes over from one that died', async () => {
    const { run, store } = await stage();
    const server = await startServer(() => message(verdict()));
    const lock = await acquireJudgeLock(await openStore(store, { create: true }), { waitS: 0 });
    const done = await run(local(server), withKey);
    await lock.release();
    expect([done.code, server.log.length]).toEqual([75, 0]);
    expect(done.error).toMatch(/^Another sesh \(judge, pid \d+, since .+\) is judging sessions of this store\./);
    writeFileSync(join(store, 'judge', 'lock.json'), JSON.stringify({ pid: 999_999, command: 'judge' }));
    writeFileSync(join(store, 'judge', 'lock-00000000-0000-4000-8000-000000000000.duckdb'), 'half');
    expect((await run(local(server), withKey)).code).toBe(0);
    expect(readdirSync(join(store, 'judge')).sort()).toEqual([expect.stringMatching(/^ledger-/), 'lock.duckdb']);
  });

  test('lets a sync through while it waits for an answer', async () => {
    const { run, store, machine } = await stage();
    const late = join(machine, 'projects', '-home-ann-shop', `${sessionNumber(4)}.jsonl`);
    const found: number[] = [];
    const server = await startServer(async () => {
      if (!existsSync(late)) {
        const at = (step: number) => ({
          session: sessionNumber(4),
          uuid: uuidNumber(40 + step),
          at: minute(40 + step),
        });
        writeLines(late, [promptLine(at(1), 'And another thing.')]);
        found.push((await syncStore({ store, roots: [join(machine, 'projects')] })).files.new);
      }
      return message(verdict());
    });
    expect(await run(local(server), withKey)).toMatchObject({ code: 0, error: '' });
    expect(await published(store, ['session_id'])).toHaveLength(3);
    expect([found, server.log.length]).toEqual([[1], 3]);
  });

  test('keeps projects and folders at home that judge.yaml names', async () => {
    const { run, config } = await stage();
    const server = await startServer(() => message(verdict()));
    mkdirSync(config, { recursive: true });
    for (const rule of ['projects: [Shop]', 'paths: [/home/ann]', 'paths: [/home/ann/shop/]']) {
      writeFileSync(join(config, 'judge.yaml'), `never_judge:\n  ${rule}\n`);
      const done = await run(local(server), withKey);
      expect(done).toMatchObject({ code: 0, stdout: '' });
    }
    expect(server.log).toEqual([]);
    writeFileSync(join(config, 'judge.yaml'), 'never_judge: { projects: [sho], paths: [/home/an] }\n');
    await run(local(server), withKey);
    expect(server.log).toHaveLength(3);
  });

  test('takes a key from a file that only its owner reads', async () => {
    const { run, config } = await stage();
    const server = await startServer(() => message(verdict()));
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'anthropic.key'), `${canary}\n`, { mode: 0o644 });
    const open = await run(local(server));
    expect([open.code, open.error]).toEqual([1, expect.stringContaining('chmod 600')]);
    writeFileSync(join(config, 'anthropic.key.new'), `${canary}\n`, { mode: 0o600 });
    const { renameSync } = await import('node:fs');
    renameSync(join(config, 'anthropic.key.new'), join(config, 'anthropic.key'));
    expect((await run({ ...local(server), last: '1' })).code).toBe(0);
    expect(server.log[0]?.headers['x-api-key']).toBe(canary);
  });

  test('asks a server of the person with the key for such servers only', async () => {
    const { run } = await stage();
    const server = await startServer(({ json: body }) => {
      const [, word] = /canary is (\w+)/.exec(JSON.stringify(body)) ?? [];
      const halves = [...JSON.stringify(body).matchAll(/half of the canary is (\w+)/g)].map((match) => match[1]);
      return completion(verdict({ canary: word === undefined ? '' : halves.join('') }));
    });
    const flags = { 'base-url': `${server.url}/v1`, model: 'local-7b', last: '1', samples: '1' };
    const keys = { OPENAI_API_KEY: 'sk-not-for-others-1234567890', SESH_JUDGE_KEY: 'own-key' };
    expect(await run(flags, keys)).toMatchObject({ code: 0, error: '' });
    expect(server.log.map(({ headers }) => headers['authorization'])).toEqual(['Bearer own-key']);
  });
});

describe('a dry run', () => {
  test('opens no connection and writes no file (T45)', async () => {
    const { run, machine } = await stage();
    const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(() => {
      throw new Error('a connection');
    });
    const request = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('a request'));
    const before = treeHashes(machine);
    const done = await run({ 'dry-run': true }, withKey);
    expect(done).toMatchObject({ code: 0, error: '' });
    expect([connect.mock.calls, request.mock.calls]).toEqual([[], []]);
    vi.restoreAllMocks();
    expect(treeHashes(machine)).toEqual(before);
    expect(done.stdout).toMatch(/3 to judge by claude-sonnet-5-5 at api\.anthropic\.com: [\d.]+ k tokens/);
    expect(done.stdout).toMatch(
      /Expected \$[\d.]+, as a batch \$[\d.]+; prices from the bundled list\.\nAt worst \$[\d.]+: /,
    );
  });

  test('says why there is nothing to judge, and of an id that nobody has that it is wrong', async () => {
    const { run } = await stage();
    expect(await run({ 'dry-run': true, session: ['nope'] })).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^No session has the id "nope"/),
    });
    const none = await run({ 'dry-run': true, until: '2026-02-01' });
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toContain(
      'There is no session to judge: it takes a request, a tool call, and 30 minutes of quiet.',
    );
  });

  test('tells what a server of the person costs: nothing, or nobody knows', async () => {
    const { run } = await stage();
    const free = await run({ 'dry-run': true, 'base-url': 'http://127.0.0.1:9/v1', model: 'm' });
    expect(free.stdout).toMatch(/\nCosts nothing; prices from this machine\. Nothing was sent\.\n$/);
    const unknown = await run({ 'dry-run': true, 'base-url': 'https://gateway.example/v1', model: 'm' });
    expect(unknown.stdout).toMatch(/\nThe price of "m" is not known: give --max-calls, .* Nothing was sent\.\n$/);
  });

  test('needs no key, and tells for a program what each session would cost', async () => {
    const { run, config } = await stage();
    mkdirSync(config, { recursive: true });
    writeFileSync(
      join(config, 'judge.yaml'),
      'model: m\nmax_tokens: 1000\nprices:\n  - { model: m, from: 2026-01-01, input_usd_per_million: 1, output_usd_per_million: 10 }\n',
    );
    const done = await run({ 'dry-run': true, json: true, last: '1' });
    const document = json(done.stdout);
    const [session] = asArray(document['sessions']) ?? [];
    const tokens = Number(asObject(session)?.['input_tokens']);
    const reserved = (input: number): number => Math.ceil(Math.ceil(input * 1.15) + 10_000);
    expect(session).toEqual({
      agent: 'claude-code',
      session_id: sessionNumber(3),
      project: 'shop',
      state: 'new',
      input_tokens: tokens,
      expected_usd: (tokens + 7000) / 1e6,
      // A repair of the greatest length, and a second sample that needs one, too.
      worst_usd: (2 * (reserved(tokens) + reserved(tokens + 1000))) / 1e6,
    });
    expect(document['batch_usd']).toBe(Math.ceil((tokens + 7000) / 2) / 1e6);
  });

  test('shows the exact texts, with secrets hidden', async () => {
    const { run } = await stage();
    const server = await startServer(() => message(verdict()));
    const shown = await run({ ...local(server), 'show-prompt': true }, withKey);
    expect(server.log).toEqual([]);
    expect(shown.stdout).toContain('Make test 2 pass.');
    expect(shown.stdout).not.toContain(token);
    expect(shown.stdout).not.toContain(canary);
  });
});

test('planted secrets are nowhere: not on the wire, in the ledger, in the table, on the screen (T15)', async () => {
  const { run, store } = await stage();
  const rationale = `As the token ${token} shows, and the key ${canary}.`;
  const server = await startServer(() => message(verdict({ rationale })));
  const done = await run(local(server), withKey);
  expect(done.code).toBe(0);
  expect(server.log).toHaveLength(3);
  const sent = server.log.map(({ text }) => text).join('\n');
  expect(sent).toContain('Make test 1 pass.');
  expect(sent).toMatch(/\[secret:github:[0-9a-f]{6}\]/);
  const ledger = readdirSync(join(store, 'judge')).map((name) => readFileSync(join(store, 'judge', name), 'latin1'));
  expect(ledger.join('')).toContain('"type":"response"');
  const rows = JSON.stringify(await published(store, ['rationale', 'requirements']));
  expect(rows).toContain('[secret:');
  for (const place of [sent, ...ledger, rows, done.stdout, done.stderr]) {
    expect(place).not.toContain(token);
    expect(place).not.toContain(canary);
  }
});

test.each([
  [{ provider: 'other' }, /--provider to be one of/],
  [{ 'max-usd': '-1' }, /--max-usd to be an amount in US dollars such as 0\.50/],
  [{ 'max-usd': '1e3' }, /--max-usd to be an amount/],
  [{ 'max-calls': '0' }, /--max-calls to be a whole number of at least 1/],
  [{ last: 'x' }, /--last to be a whole number/],
  [{ 'base-url': 'http://gateway.example/v1', model: 'm' }, /--base-url to begin with https/],
  [{ 'base-url': 'https://gateway.example/v1' }, /--model: the name by which the server knows/],
  [{ 'base-url': 'https://gateway.example/v1', model: 'm' }, /The price of "m" is not known/],
  [{ 'base-url': 'https://gateway.example/v1', model: 'm', 'max-calls': '3' }, /Nobody has agreed yet/],
  [{ 'base-url': 'https://gateway.example/v1', model: 'm', 'max-calls': '3', batch: true }, /have no batches/],
])('%j is refused with exit code 2', async (flags, expected) => {
  const { run } = await stage();
  const done = await run(flags, withKey);
  expect(done).toMatchObject({ code: 2, error: expect.stringMatching(expected) });
});

test('a check of certificates that is switched off is refused (T19)', async () => {
  const { run } = await stage();
  const done = await run({}, { ...withKey, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect(done).toMatchObject({ code: 2, error: expect.stringMatching(/NODE_TLS_REJECT_UNAUTHORIZED=0/) });
});

test('agreeing is kept for this host and key, in a file of the person (T53)', async () => {
  const { keepConsent, isConsented, keyIdOf } = await import('../../../src/judge/consent.ts');
  const { config } = await stage();
  const consent = { host: 'api.anthropic.com', keyId: keyIdOf(canary) };
  expect(await isConsented(config, consent)).toBe(false);
  await keepConsent(config, consent, new Date('2026-02-11T16:00:00Z'));
  await keepConsent(config, consent, new Date('2026-02-12T16:00:00Z'));
  expect(await isConsented(config, consent)).toBe(true);
  expect(await isConsented(config, { ...consent, host: 'api.openai.com' })).toBe(false);
  expect(await isConsented(config, { ...consent, keyId: keyIdOf('another') })).toBe(false);
  const text = readFileSync(join(config, 'judge-consent.json'), 'utf8');
  expect(json(text)).toEqual({
    consents: [{ host: 'api.anthropic.com', key_id: keyIdOf(canary), at: '2026-02-11T16:00:00.000Z' }],
  });
  expect(text).not.toContain(canary);
  writeFileSync(join(config, 'judge-consent.json'), '{"consents": [1, {"host":');
  expect(await isConsented(config, consent)).toBe(false);
  expect(existsSync(config)).toBe(true);
});
