import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { qwenCode } from '../../../src/agents/qwen-code/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { agentFolders, filesUnder, readTranscript, recordsOf } from '../cases.ts';

const session = '7a0c0000-0000-4000-8000-000000000001';
const main = hintOf({ sessionId: session, threadId: 'main' });

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [`-home-ann-shop/chats/${session}.jsonl`, main],
    [`-home-ann-shop/chats/${session}.jsonl.zst`, main],
    [
      '-home-ann-shop/chats/7a0c0000000040008000000000000001.jsonl',
      hintOf({ sessionId: '7a0c0000000040008000000000000001', threadId: 'main' }),
    ],
    [
      `-home-ann-shop/subagents/${session}/agent-explore-7f3c.jsonl`,
      hintOf({ sessionId: session, threadId: 'explore-7f3c' }),
    ],
    [`ann/.qwen/projects/-home-ann-shop/chats/${session}.jsonl`, { ...main, user: 'ann' }],
    [
      `ann/.qwen/projects/-home-ann-shop/chats/nightly.jsonl`,
      hintOf({ sessionId: 'nightly', threadId: 'main', user: 'ann' }),
    ],
    [`ann/.qwen/tmp/0b7d/chats/${session}.jsonl.gz`, { ...main, user: 'ann' }],
    [
      `ann/.qwen/projects/c--work-shop/subagents/s1/agent-x.jsonl`,
      hintOf({ sessionId: 's1', threadId: 'x', user: 'ann' }),
    ],
    [`bob/projects/-home-bob-shop/chats/${session}.jsonl`, { ...main, user: 'bob' }],
  ])('%s', (file, expected) => {
    expect(qwenCode.recognise(file)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is left to the records', () => {
  test.each([
    `${session}.jsonl`,
    '-home-ann-shop/chats/notes.jsonl',
    `-home-ann-shop/chats/${session}.json`,
    `-home-ann-shop/subagents/${session}/agent-x.meta.json`,
    `-home-ann-shop/subagents/${session}/agent-x.jsonl.stream`,
    `-home-ann-shop/subagents/${session}/notes.jsonl`,
    `-home-ann-shop/${session}/subagents/agent-x.jsonl`,
    'ann/.gemini/tmp/shop/chats/session-2026-05-04T09-00-5e0c0000.jsonl',
    `ann/.gemini/tmp/shop/chats/${session}/${session}.jsonl`,
    'ann/.qwen/tmp/0b7d/chats/session-2025-09-04T09-00-5e0c0000.json',
    'ann/.qwen/settings.json',
    '',
  ])('%s', (file) => {
    expect(qwenCode.recognise(file)).toBeNull();
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    [`ann/2026-06-01_${session}.jsonl`, hintOf({ sessionId: session, user: 'ann' })],
    [`ann/${session}/agent-x.jsonl`, hintOf({ sessionId: session, threadId: 'x', user: 'ann' })],
    ['ann/full.jsonl', hintOf({ user: 'ann' })],
    ['full.jsonl', hintOf({})],
  ])('%s', (file, expected) => {
    expect(qwenCode.hintFor(file)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const line = { uuid: 'u', parentUuid: null, sessionId: 's', type: 'user', message: { role: 'user', parts: [] } };
  test.each<[string, readonly Json[], boolean]>([
    ['a user line', [line], true],
    ['a line after a damaged one', ['text', line], true],
    ['a line of the program', [{ uuid: 'u', parentUuid: 'v', type: 'system', systemPayload: { mode: 'yolo' } }], true],
    ['nothing', [], false],
    ['no record', ['text', 1, null], false],
    ['Claude Code', [{ ...line, message: { role: 'user', content: 'hi' } }], false],
    ['Gemini CLI', [{ sessionId: 's', projectHash: 'h', startTime: 't', messages: [] }], false],
    ['OpenCode', [{ info: { id: 'x' }, messages: [{ info: {}, parts: [] }] }], false],
  ])('%s', (_, records, expected) => {
    expect(qwenCode.recogniseRecords(recordsOf(records))).toBe(expected);
  });

  test('and no fixture of another agent is taken', () => {
    expect(foreignFiles().filter((file) => qwenCode.recogniseRecords(readTranscript(file)))).toEqual([]);
  });
});

describe('the root', () => {
  const linux: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  const rootsOf = (surroundings: Surroundings): string[] =>
    qwenCode.roots(surroundings).map((root) => `${root.origin} ${root.path}`);

  test('is below the home', () => {
    expect(rootsOf(linux)).toEqual(['default /home/ann/.qwen/projects']);
  });

  test('is in QWEN_RUNTIME_DIR when it is set: a comma list of either directory', () => {
    expect(rootsOf({ ...linux, env: { QWEN_RUNTIME_DIR: ' /a , ~/b/projects,, ' } })).toEqual([
      'QWEN_RUNTIME_DIR /a/projects',
      'QWEN_RUNTIME_DIR /home/ann/b/projects',
    ]);
  });

  test('on Windows', () => {
    expect(rootsOf({ env: {}, home: 'C:\\Users\\ann', platform: 'win32' })).toEqual([
      'default C:\\Users\\ann\\.qwen\\projects',
    ]);
  });
});

function foreignFiles(): string[] {
  const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
  const agents = agentFolders().filter((name) => name !== 'qwen-code');
  return agents.flatMap((agent) =>
    filesUnder(path.join(fixtures, agent))
      .filter((file) => /\/input\/.+\.jsonl?$/.test(file))
      .map((file) => path.join(fixtures, agent, file)),
  );
}
