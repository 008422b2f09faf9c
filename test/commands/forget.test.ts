import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { steps } from '../../src/rehearsal/step.ts';
import { minute, promptLine, sessionNumber, turn, uuidNumber, writeLines } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore, treeHashes } from '../helpers/store.ts';
import { runHere } from './run-here.ts';

const words = 'the heron stands on one leg';
const sessions = {
  plain: sessionNumber(1),
  spoken: sessionNumber(2),
  resumed: sessionNumber(3),
} as const;

const folder = scratchForFile();
const root = join(folder, 'projects');
const file = (session: string): string => join(root, '-home-ann-shop', `${session}.jsonl`);
const line = (session: string, n: number, text: string): string =>
  promptLine({ session, uuid: uuidNumber(n), at: minute(n) }, text);

/** The third session was resumed from the second and begins with what that one said. */
const spoken = [line(sessions.spoken, 901, words), ...turn(sessions.spoken, 40)];
writeLines(file(sessions.plain), [...turn(sessions.plain, 1), ...turn(sessions.plain, 2)]);
const never = join(folder, 'never');
await syncStore({ store: never, roots: [root] });
writeLines(file(sessions.spoken), spoken);
writeLines(file(sessions.resumed), [...spoken, ...turn(sessions.resumed, 70)]);
const full = join(folder, 'full');
mkdirSync(full);
cpSync(never, full, { recursive: true });
await syncStore({ store: full, roots: [root] });

function copyOf(store: string): string {
  const copy = join(scratch(), 'store');
  cpSync(store, copy, { recursive: true });
  return copy;
}

const env = (store: string) => ({ env: { SESH_HOME: store } });

test('forgetting a session leaves the events as if it had never been there, and no byte of it in any file of the store', async () => {
  const store = copyOf(full);
  expect(await runHere(['doctor', '--absent', words], env(store))).toMatchObject({ code: 3 });
  const ran = await runHere(['forget', '--match', words, '--yes'], env(store));
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain('2 sessions in 2 files');
  expect(await eventFiles(store)).toEqual(await eventFiles(never));
  for (const gone of [words, sessions.spoken, sessions.resumed, file(sessions.spoken)]) {
    expect(await runHere(['doctor', '--absent', gone], env(store))).toMatchObject({ code: 0 });
  }
  chmodSync(store, 0o700);
  expect((await runHere(['doctor'], env(store))).stdout).toContain('No faults found.');
  expect(existsSync(file(sessions.spoken))).toBe(true);
});

test('what was forgotten is not read again, also when its file moved or grew; other content under its name is', async () => {
  const own = join(scratch(), 'projects');
  cpSync(root, own, { recursive: true });
  const place = (session: string): string => join(own, '-home-ann-shop', `${session}.jsonl`);
  const store = join(scratch(), 'store');
  await syncStore({ store, roots: [own] });
  await runHere(['forget', '--session', sessions.spoken, '--yes'], env(store));
  const before = await eventFiles(store);
  appendFileSync(place(sessions.spoken), `${line(sessions.spoken, 950, 'more of it')}\n`);
  cpSync(place(sessions.resumed), join(own, '-home-ann-shop', `${sessionNumber(9)}.jsonl`));
  const summary = await syncStore({ store, roots: [own] });
  expect(summary.warnings.join()).toContain('3 transcripts that still lie');
  expect(await eventFiles(store)).toEqual(before);
  const hashes = treeHashes(store);
  await syncStore({ store, roots: [own] });
  expect(treeHashes(store)).toEqual(hashes);
  writeLines(place(sessions.spoken), [line(sessions.spoken, 960, 'something else')]);
  await syncStore({ store, roots: [own] });
  expect(await eventRows(store, `select count(*)::int as n from events where text = 'something else'`)).toEqual([
    { n: 1 },
  ]);
  expect(await runHere(['doctor', '--absent', words], env(store))).toMatchObject({ code: 0 });
});

test('a dry run and a run to which nobody agrees change nothing; a tombstone holds no text', async () => {
  const store = copyOf(full);
  const before = treeHashes(store);
  const dry = await runHere(['forget', '--session', sessions.spoken, '--dry-run', '--json'], env(store));
  const told: unknown = JSON.parse(dry.stdout);
  expect(told).toMatchObject({ dry_run: true, asked: 1, files: [{ still_there: true }, { still_there: true }] });
  expect(await runHere(['forget', '--before', 'all'], env(store))).toMatchObject({ code: 2 });
  expect(await runHere(['forget'], env(store))).toMatchObject({ code: 2 });
  expect(treeHashes(store)).toEqual(before);
  await runHere(['forget', '--before', 'all', '--yes'], env(store));
  expect(await eventRows(store, 'select 1').catch(() => [])).toEqual([]);
  const stones = readFileSync(join(store, 'forgotten.json'), 'utf8');
  expect(stones).not.toMatch(/heron|home|jsonl|00000000-0000/);
  const restored = await runHere(['restore', sessions.plain, '--stdout'], env(store));
  expect(restored.stderr).toContain('was forgotten on 2026-02-11');
});

test('what was asked and answered about a forgotten session goes; what it cost stays', async () => {
  const store = copyOf(full);
  const { encodeLine, parseLine } = await import('../../src/judge/ledger/lines.ts');
  const about = { at: '2026-02-10T10:00:00.000Z', key: 'a'.repeat(64) };
  const of = (sessionId: string) => ({ agent: 'claude-code', session_id: sessionId });
  const usage = { input_tokens: 1, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0, estimated: false };
  const answer = {
    type: 'response' as const,
    ...about,
    attempt: 1,
    host: 'h',
    asked_model: 'm',
    text: words,
    text_sha256: 's',
    stop: 'end' as const,
    model: 'm',
    request_id: null,
    usage,
    cost_usd_micros: 70,
    repair: false,
    longer: false,
    drift: false,
    batch: null,
  };
  mkdirSync(join(store, 'judge'), { recursive: true, mode: 0o700 });
  const ledger = join(store, 'judge', 'ledger-2026-02.jsonl');
  const lines = [
    encodeLine({ type: 'intent', ...about, ...of(sessions.spoken), sample_index: 0 }),
    encodeLine(answer),
    encodeLine({ type: 'verdict', ...about, ...of(sessions.spoken), row: { rationale: words } }),
    encodeLine({ type: 'intent', ...about, key: 'b'.repeat(64), ...of(sessions.plain), sample_index: 0 }),
  ];
  writeFileSync(ledger, lines.map((text) => `${text}\n`).join(''), { mode: 0o600 });
  await runHere(['forget', '--session', sessions.spoken, '--yes'], env(store));
  const left = readFileSync(ledger, 'utf8').trimEnd().split('\n').map(parseLine);
  expect(left).toMatchObject([
    { type: 'response', text: '', cost_usd_micros: 70 },
    { type: 'intent', session_id: sessions.plain },
  ]);
});

describe('a run that is cut off is finished by the next one', () => {
  const argv = ['forget', '--session', sessions.spoken, '--yes'];
  // `SESH_LAW_RUNS=2` stops at each moment of each step.
  const isSoak = Number(process.env['SESH_LAW_RUNS'] ?? '1') > 1;
  const tried = isSoak
    ? steps
    : steps.filter((step) => /^(?:write:renamed|create:linked|adopt:renamed|remove:after|copy:after)$/.test(step));
  const stride = isSoak ? 1 : 3;

  test.each(tried)('at every %s, when the disk fails there (F01)', async (step) => {
    for (let n = 1; ; n += stride) {
      const store = copyOf(full);
      process.env['SESH_FAIL_AT'] = `${step}:${n}:EIO`;
      const broken = await runHere(argv, env(store)).finally(() => delete process.env['SESH_FAIL_AT']);
      expect(await runHere(argv, env(store))).toMatchObject({ code: 0 });
      expect(await eventFiles(store)).toEqual(await eventFiles(never));
      expect(await runHere(['doctor', '--absent', words], env(store))).toMatchObject({ code: 0 });
      expect(existsSync(join(store, 'forget.json'))).toBe(false);
      if (broken.code === 0) break;
    }
  });

  test.each(['write:after:2', 'adopt:renamed:1', 'remove:before:3'])(
    'killed at %s, by a sync (F01)',
    async (moment) => {
      const store = copyOf(full);
      const cli = (args: readonly string[], crashAt: string) =>
        spawnSync(process.execPath, [join(repository, 'dist', 'cli.js'), ...args], {
          env: { HOME: folder, SESH_HOME: store, TZ: 'UTC', SESH_CRASH_AT: crashAt, SESH_NOW: '2026-02-11T16:00:00Z' },
        });
      expect(cli(argv, moment).signal).toBe('SIGKILL');
      expect(cli(['sync', '--root', root], '').status).toBe(0);
      expect(await eventFiles(store)).toEqual(await eventFiles(never));
      expect(await runHere(['doctor', '--absent', words], env(store))).toMatchObject({ code: 0 });
    },
  );
});
