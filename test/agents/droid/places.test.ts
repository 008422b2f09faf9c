import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { droid } from '../../../src/agents/droid/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const session = 'd0000000-0000-4000-8000-000000000001';
const main = hintOf({ sessionId: session, threadId: 'main' });
const settings = { ...main, form: 'document' as const };

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [`sessions/-home-ann-shop/${session}.jsonl`, main],
    [`sessions/D--work-shop/${session}.jsonl.gz`, main],
    [`sessions/-home-ann-shop/${session}.settings.json`, settings],
    [`sessions/-home-ann-shop/${session}.settings.json.zst`, settings],
    [`sessions/${session}.jsonl`, main],
    [`ann/.factory/sessions/-home-ann-shop/${session}.jsonl`, { ...main, user: 'ann' }],
    [`ann/.factory/sessions/${session}.settings.json`, { ...settings, user: 'ann' }],
    [`2026/ann/sessions/-home-ann-shop/${session}.jsonl`, { ...main, user: 'ann' }],
  ])('%s', (path, expected) => {
    expect(droid.recognise(path)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is left to the records', () => {
  test.each([
    '',
    `${session}.jsonl`,
    `${session}.settings.json`,
    `-home-ann-shop/${session}.jsonl`,
    `ann/.claude/projects/-home-ann-shop/${session}.jsonl`,
    `ann/.openclaw/agents/main/sessions/${session}.jsonl`,
    `main/sessions/${session}.jsonl`,
    'ann/.factory/settings.json',
    `ann/.factory/sessions/-home-ann-shop/notes.jsonl`,
    `ann/.factory/sessions/-home-ann-shop/${session}.txt`,
    `ann/.factory/logs/${session}.jsonl`,
  ])('%s', (path) => {
    expect(droid.recognise(path)).toBeNull();
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    ['ann/full.jsonl', hintOf({ user: 'ann' })],
    ['full.json', hintOf({ form: 'document' })],
    [`bob/${session}.jsonl`, { ...main, user: 'bob' }],
    [`${session}.settings.json.gz`, settings],
  ])('%s', (path, expected) => {
    expect(droid.hintFor(path)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const start = { type: 'session_start', id: session, cwd: '/shop' };
  const prompt = { type: 'message', id: 'm1', message: { role: 'user', content: 'hi' } };
  const sum = {
    model: 'x',
    autonomyMode: 'normal',
    tokenUsage: { inputTokens: 1, outputTokens: 2, thinkingTokens: 0 },
  };
  test.each<[string, readonly Json[], boolean]>([
    ['the start of a session', [start], true],
    ['the start and a prompt', [start, prompt], true],
    ['a type that nobody has seen', [start, { type: 'odd_type' }], true],
    ['settings with counts', [sum], true],
    ['no records', [], false],
    ['a prompt alone', [prompt], false],
    ['a message without a role', [start, { type: 'message', message: {} }], false],
    ['settings without counts', [{ autonomyMode: 'normal' }], false],
    ['counts without settings', [{ tokenUsage: sum.tokenUsage }], false],
    ['settings twice', [sum, sum], false],
    ['a session line of pi', [{ type: 'session', id: session, version: 3 }, prompt], false],
  ])('%s', (_, values, expected) => {
    expect(droid.recogniseRecords(recordsOf(values))).toBe(expected);
  });
});

test('the root lies in the home directory', () => {
  const surroundings: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  expect(droid.roots(surroundings)).toEqual([{ path: '/home/ann/.factory', origin: 'default' }]);
});
