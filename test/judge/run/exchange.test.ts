import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeActions } from '../../../src/commands/judge/actions.ts';
import { asArray, asObject, type Json } from '../../../src/core/json.ts';
import {
  callLine,
  minute,
  promptLine,
  resultLine,
  sessionNumber,
  uuidNumber,
  writeLines,
} from '../../helpers/claude.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { syncStore } from '../../helpers/store.ts';
import { published } from '../helpers/judging.ts';
import { invocationIn } from '../helpers/machine.ts';
import { quoting } from '../verdict/answers.ts';

const directory = scratchForFile();
const store = join(directory, 'store');
const prompts = join(directory, 'prompts');
const token = 'ghp_R7s9Tq2Lm4Xv8Kz1Wb6Yc3Nd5Hf0Ja2EuIo';
const folders: string[] = [];

const passed = { event: 'E3', quote: 'ok - everything passes here', kind: 'tool_result' } as const;

async function run(argument: readonly string[], flags: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { invocation, written } = invocationIn({ directory, store }, argument, flags, {});
  await judgeActions(invocation);
  return written.stdout;
}

function answer(folder: string, value: object | string): void {
  writeFileSync(join(folder, 'answer.json'), typeof value === 'string' ? value : JSON.stringify(value));
}

beforeAll(async () => {
  const root = join(directory, 'projects');
  mkdirSync(root);
  for (let n = 1; n <= 4; n += 1) {
    const session = sessionNumber(n);
    const at = (step: number) => ({ session, uuid: uuidNumber(10 * n + step), at: minute(10 * n + step) });
    writeLines(join(root, '-home-ann-shop', `${session}.jsonl`), [
      promptLine(at(1), `Make test ${n} pass. The token is ${token}.`),
      callLine(at(2), `call${n}`, 'Bash', { command: 'npm test' }),
      resultLine(at(3), `call${n}`, 'ok - everything passes here'),
    ]);
  }
  await syncStore({ store, roots: [root] });
  await run(['export-prompts', prompts], { last: '4' });
  folders.push(
    ...readdirSync(prompts)
      .sort()
      .map((name) => join(prompts, name)),
  );
});

describe('prompts for who judges by other means', () => {
  test('lie in a folder each, readable by their owner alone, redacted, whole', () => {
    expect(folders).toHaveLength(4);
    for (const folder of folders) {
      expect(readdirSync(folder).sort()).toEqual(['schema.json', 'session.json', 'system.txt', 'user.txt']);
      expect(statSync(join(folder, 'user.txt')).mode & 0o077).toBe(0);
      const user = readFileSync(join(folder, 'user.txt'), 'utf8');
      expect(user).toMatch(/\[E1\] user: message\n\| Make test \d pass\. The token is \[secret:github:[0-9a-f]{6}\]\./);
      expect(user).not.toContain(token);
    }
  });

  test('are the same when they are written again', async () => {
    const before = folders.map((folder) => readFileSync(join(folder, 'user.txt'), 'utf8'));
    await run(['export-prompts', prompts], { last: '4' });
    expect(folders.map((folder) => readFileSync(join(folder, 'user.txt'), 'utf8'))).toEqual(before);
  });
});

describe('answers that are taken in', () => {
  test('pass through the same checks: quotes, caps, form', async () => {
    const [good = '', claimed = '', invented = '', broken = ''] = folders;
    answer(good, { ...quoting(passed), checks_after_last_change: [{ ...passed, kind: undefined, result: 'pass' }] });
    answer(claimed, quoting());
    answer(invented, quoting({ ...passed, quote: 'all 400 tests are green' }));
    answer(broken, 'four, I would say');
    expect(await run(['import', prompts], { model: 'ann by hand' })).toContain('4 of 4 answers are new verdicts.');
    const columns = [
      'session_id',
      'provider',
      'model',
      'score',
      'proposed_score',
      'null_reason',
      'caps',
      'quotes_verified',
    ];
    const row = (n: number, more: object) => ({
      session_id: sessionNumber(n),
      provider: 'import',
      model: 'ann by hand',
      ...more,
    });
    expect(await published(store, columns)).toEqual([
      row(1, { score: 5, proposed_score: 5, null_reason: null, caps: null, quotes_verified: 2 }),
      row(2, {
        score: 3,
        proposed_score: 5,
        null_reason: null,
        caps: 'requirement_unproven,nothing_checked,not_checked_after_last_change',
        quotes_verified: 0,
      }),
      row(3, { score: null, proposed_score: 5, null_reason: 'evidence_invalid', caps: null, quotes_verified: 0 }),
      row(4, { score: null, proposed_score: null, null_reason: 'error_parse', caps: null, quotes_verified: 0 }),
    ]);
  });

  test('are not taken in twice', async () => {
    expect(await run(['import', prompts], { model: 'ann by hand' })).toContain('0 of 4 answers are new verdicts.');
    const again: Json = JSON.parse(await run(['import', prompts], { model: 'ann by hand', json: true }));
    expect([asObject(again)?.['imported'], asArray(asObject(again)?.['sessions'])?.length]).toEqual([0, 4]);
  });

  test('are refused when they belong to another prompt', async () => {
    const [good = '', claimed = ''] = folders;
    const own = readFileSync(join(good, 'session.json'), 'utf8');
    writeFileSync(join(good, 'session.json'), own.replace(/"rendered":"../, '"rendered":"00'));
    await expect(run(['import', prompts])).rejects.toThrow(/belongs to another prompt/);
    writeFileSync(join(good, 'session.json'), '{}');
    await expect(run(['import', prompts])).rejects.toThrow(/does not say which session it is about/);
    writeFileSync(join(good, 'session.json'), own);
    expect(existsSync(join(claimed, 'session.json'))).toBe(true);
  });

  test('are looked for in a folder that has to be named', async () => {
    await expect(run(['import'])).rejects.toThrow('Expected a folder after sesh judge import');
    await expect(run(['export-prompts'])).rejects.toThrow('Expected a folder after sesh judge export-prompts');
  });
});
