import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { acquireJudgeLock } from '../../src/lake/lock.ts';
import { openStore } from '../../src/lake/store.ts';
import { Ledger } from '../../src/judge/ledger/ledger.ts';
import { encodeLine, parseLine } from '../../src/judge/ledger/lines.ts';
import { promptLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventRows } from '../helpers/store.ts';
import { runHere } from './run-here.ts';

const house = 'heron_4711-stilt';
let home: string;
let store: string;
let root: string;

beforeEach(() => {
  home = scratch();
  store = join(home, 'store');
  root = join(home, 'projects');
  const line = (n: number, at: string, text: string): string =>
    promptLine({ session: sessionNumber(n), uuid: uuidNumber(n), at }, text);
  writeLines(join(root, '-shop', 'old.jsonl'), [line(1, '2025-06-01T10:00:00.000Z', `use ${house} there`)]);
  writeLines(join(root, '-shop', 'new.jsonl'), [line(2, '2026-02-10T10:00:00.000Z', 'hello')]);
});

const sesh = async (...args: readonly string[]) => await runHere(args, { home, env: { SESH_HOME: store } });
const sync = async () => await sesh('sync', '--root', root);
const texts = async () => (await eventRows(store, 'select text from events order by ts')).map(({ text }) => text);

function privacy(text: string): void {
  mkdirSync(join(home, '.config', 'sesh'), { recursive: true });
  writeFileSync(join(home, '.config', 'sesh', 'privacy.yaml'), text);
}

describe('files of secrets', () => {
  test('have their values hidden wherever these stand, also later, and not their names', async () => {
    await sync();
    expect(await texts()).toEqual([`use ${house} there`, 'hello']);
    writeFileSync(
      join(home, 'own.env'),
      `# ours\nexport HERON_NAME_2000=${house}\nmachine db.example.com password "stork_0815-wader"\nPORT=8080\n`,
    );
    privacy('secret_files: [~/own.env]');
    expect(await sync()).toMatchObject({ code: 0 });
    expect(await texts()).toEqual([expect.stringMatching(/^use \[secret:known:[0-9a-f]{6}\] there$/), 'hello']);
    const known: { known: unknown[] } = JSON.parse(readFileSync(join(store, 'known-secrets.json'), 'utf8'));
    expect(known.known).toHaveLength(2);
    privacy('');
    await sync();
    expect((await texts())[0]).toMatch(/secret:known/);
  });

  test('that hold more than the store takes are said', async () => {
    const values = Array.from({ length: 1030 }, (_, n) => `heron-${n}-stilt-wader${n}`);
    writeFileSync(join(home, 'own.env'), `${values.join('\n')}\n${values.join('\n')}\n`);
    privacy('secret_files: [~/own.env]');
    expect((await sync()).stderr).toContain('known-secrets.json holds 1024 secrets and takes no more: 6 of');
  });

  test('stop the run when they are not there, before anything is kept', async () => {
    privacy('secret_files: [~/own.env]');
    const { code, stderr } = await sync();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('own.env, which privacy.yaml names as a file of secrets'),
    ]);
  });
});

describe('what is older than privacy.yaml has it kept', () => {
  test('sessions are forgotten, by vacuum and by a night; a dry run counts them', async () => {
    await sync();
    expect(JSON.parse((await sesh('vacuum', '--json')).stdout)).toMatchObject({ forgotten_sessions: 0 });
    privacy('keep_sessions: 100d');
    expect(JSON.parse((await sesh('vacuum', '--json', '--dry-run')).stdout)).toMatchObject({ forgotten_sessions: 1 });
    expect(await texts()).toHaveLength(2);
    expect((await sesh('vacuum')).stdout).toContain('1 session older than privacy.yaml keeps them forgotten.');
    expect(await texts()).toEqual(['hello']);
    expect(await sesh('doctor', '--absent', house)).toMatchObject({ code: 0 });
    expect((await sync()).stderr).toContain('Not read, because they were forgotten: 1 transcripts');
    privacy('keep_sessions: 1h');
    await sesh('nightly', '--root', root, '--out', join(home, 'reports'));
    expect(await eventRows(store, 'select 1').catch(() => [])).toEqual([]);
  });

  test('the words of judged answers go, what they cost and what is not judged yet stays', async () => {
    await sync();
    const about = (key: string, at: string) => ({ key: key.repeat(64), at });
    const answer = (key: string, at: string) => ({
      type: 'response' as const,
      ...about(key, at),
      attempt: 1,
      host: 'h',
      asked_model: 'm',
      text: 'words',
      text_sha256: 's',
      stop: 'end' as const,
      model: 'm',
      request_id: null,
      usage: { input_tokens: 1, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0, estimated: false },
      cost_usd_micros: 70,
      repair: false,
      longer: false,
      drift: false,
      batch: null,
    });
    const verdict = (key: string, at: string) => ({
      type: 'verdict' as const,
      ...about(key, at),
      agent: 'claude-code',
      session_id: 's',
      row: { score: 3 },
    });
    const part = { type: 'intent' as const, ...about('d', '2026-01-01T10:00:00.000Z'), sample_index: 0 };
    const [old, fresh] = ['2026-01-01T10:00:00.000Z', '2026-02-10T10:00:00.000Z'];
    const lines = [
      answer('a', old),
      verdict('a', old),
      answer('b', old),
      answer('c', fresh),
      verdict('c', fresh),
      { ...part, agent: 'claude-code', session_id: 's' },
      answer('d', old),
    ];
    mkdirSync(join(store, 'judge'), { mode: 0o700 });
    const ledger = join(store, 'judge', 'ledger-2026-01.jsonl');
    writeFileSync(ledger, lines.map((line) => `${encodeLine(line)}\n`).join(''));
    privacy('keep_judge_replies: 30d');
    const before = readFileSync(ledger, 'utf8');
    expect(JSON.parse((await sesh('vacuum', '--json', '--dry-run')).stdout)).toMatchObject({ judge_replies: 2 });
    expect(readFileSync(ledger, 'utf8')).toBe(before);
    expect(JSON.parse((await sesh('vacuum', '--json')).stdout)).toMatchObject({ judge_replies: 2 });
    expect(readFileSync(ledger, 'utf8').trimEnd().split('\n').map(parseLine)).toEqual([
      { ...answer('a', old), text: '', text_sha256: '' },
      ...lines.slice(1, -1),
      { ...answer('d', old), text: '', text_sha256: '' },
    ]);
    const state = await Ledger.open(join(store, 'judge'), () => Date.parse(fresh));
    expect(['a', 'b', 'd'].map((key) => state.question(key.repeat(64)).answers.length)).toEqual([0, 1, 0]);
    expect(state.spentSince(0)).toBe(4 * 70);
  });

  test('waits while somebody judges; a night goes on without it', async () => {
    await sync();
    privacy('keep_sessions: 100d');
    mkdirSync(join(store, 'judge'), { mode: 0o700 });
    const lock = await acquireJudgeLock(await openStore(store, { create: false }), { waitS: 0 });
    expect(await sesh('vacuum')).toMatchObject({ code: 75 });
    expect(await sesh('nightly', '--root', root, '--out', join(home, 'reports'))).toMatchObject({ code: 0 });
    await lock.release();
    expect(await texts()).toHaveLength(2);
    await sesh('nightly', '--root', root, '--out', join(home, 'reports'));
    expect(await texts()).toEqual(['hello']);
  });
});

test.each([
  ['keep_sessions: forever', 'keep_sessions'],
  ['keep_session: 3d', 'keep_session'],
  ['secret_files: [own.env]', 'Expected a path from / or ~/'],
  ['secret_files: {', 'is not YAML'],
])('a wrong setting, %j, is refused by name (T51)', async (text, message) => {
  privacy(text);
  expect(await sync()).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});
