import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { cursor } from '../../../src/agents/cursor/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const session = 'c0000000-0000-4000-8000-000000000001';
const sub = 'c0000000-0000-4000-8000-000000000002';
const main = hintOf({ sessionId: session, threadId: 'main' });
const transcripts = 'home-ann-shop/agent-transcripts';

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [`${transcripts}/${session}/${session}.jsonl`, main],
    [`${transcripts}/${session}/${session}.jsonl.gz`, main],
    [`${transcripts}/${session}.jsonl`, main],
    [`${transcripts}/${session}/subagents/${sub}.jsonl`, { ...main, threadId: sub }],
    [`projects/${transcripts}/${session}.jsonl`, main],
    [`ann/.cursor/projects/${transcripts}/${session}/${session}.jsonl`, { ...main, user: 'ann' }],
    [`2026/ann/projects/${transcripts}/${session}.jsonl`, { ...main, user: 'ann' }],
    [`.cursor/projects/${transcripts}/${session}.jsonl`, main],
  ])('%s', (path, expected) => {
    expect(cursor.recognise(path)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is left to the records', () => {
  test.each([
    '',
    `${session}.jsonl`,
    `${transcripts}/${session}.txt`,
    `${transcripts}/${session}/${sub}.jsonl`,
    `${transcripts}/notes.jsonl`,
    `${transcripts}/${session}/subagents/deep/${sub}.jsonl`,
    `${transcripts}/notes/subagents/${sub}.jsonl`,
    `ann/.cursor/chats/0f/${session}/store.db`,
    `-home-ann-shop/${session}.jsonl`,
  ])('%s', (path) => {
    expect(cursor.recognise(path)).toBeNull();
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    [`ann/${session}.jsonl`, hintOf({ sessionId: session, user: 'ann' })],
    ['ann/deep/full.jsonl', hintOf({ user: 'ann' })],
    ['full.jsonl', hintOf({})],
  ])('%s', (path, expected) => {
    expect(cursor.hintFor(path)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const prompt = { role: 'user', message: { content: [{ type: 'text', text: 'hi' }] } };
  test.each<[string, readonly Json[], boolean]>([
    ['a prompt', [prompt], true],
    [
      'a prompt, an answer and the end of a turn',
      [prompt, { ...prompt, role: 'assistant' }, { type: 'turn_ended' }],
      true,
    ],
    ['no records', [], false],
    ['the end of a turn alone', [{ type: 'turn_ended' }], false],
    ['another field beside the message', [{ ...prompt, timestamp: 'x' }], false],
    ['a role inside the message', [{ role: 'user', message: { role: 'user', content: [] } }], false],
    ['content that is a text', [{ role: 'user', message: { content: 'hi' } }], false],
    ['a line of another kind among them', [prompt, { type: 'session_start' }], false],
    ['a message of gptme', [{ role: 'user', content: 'hi', timestamp: 'x' }], false],
  ])('%s', (_, values, expected) => {
    expect(cursor.recogniseRecords(recordsOf(values))).toBe(expected);
  });
});

test('the root lies in the home directory', () => {
  const surroundings: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  expect(cursor.roots(surroundings)).toEqual([{ path: '/home/ann/.cursor/projects', origin: 'default' }]);
});
