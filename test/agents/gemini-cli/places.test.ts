import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { geminiCli } from '../../../src/agents/gemini-cli/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { agentFolders, filesUnder, readTranscript, recordsOf } from '../cases.ts';

const parent = '5e0c0000-0000-4000-8000-0000000000aa';
const own = '5e0c0000-0000-4000-8000-0000000000bb';
const hash = '0b7dfb1274ee51b336813b17f2ddab1f56b6591f723e7314126bbd502c69e9c9';
const name = 'session-2026-05-04T09-00-5e0c0000';

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [`shop/chats/${name}.jsonl`, hintOf({})],
    [`${hash}/chats/${name}.json`, hintOf({ form: 'document' })],
    [`shop/chats/${name}.jsonl.gz`, hintOf({})],
    [`shop/chats/${name}.json.zst`, hintOf({ form: 'document' })],
    [`ann/.gemini/tmp/shop/chats/${name}.jsonl`, hintOf({ user: 'ann' })],
    [`2026/home/ann/.gemini/tmp/${hash}/chats/${name}.json`, hintOf({ user: 'ann', form: 'document' })],
    [`.gemini/tmp/shop/chats/${name}.jsonl`, hintOf({})],
    [`shop/chats/${parent}/${own}.jsonl`, hintOf({ sessionId: parent, threadId: own })],
    [`ann/.gemini/tmp/shop/chats/p1/a2.jsonl`, hintOf({ sessionId: 'p1', threadId: 'a2', user: 'ann' })],
  ])('%s', (file, expected) => {
    expect(geminiCli.recognise(file)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is left to the records', () => {
  test.each([
    'shop/logs.json',
    'shop/checkpoints/2026-05-04T09-00-write_file.json',
    'shop/checkpoint-before.json',
    'shop/.project_root',
    `shop/chats/${name}.jsonl.unreadable-1780000000000`,
    `shop/chats/${name}.json.tmp-77`,
    `${name}.json`,
    'shop/chats/notes/a2.jsonl',
    `-home-ann-shop/chats/${own}.jsonl`,
    `ann/.qwen/projects/-home-ann-shop/chats/${name}.jsonl`,
    `ann/.claude/projects/-home-ann-shop/${own}.jsonl`,
    '',
  ])('%s', (file) => {
    expect(geminiCli.recognise(file)).toBeNull();
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    ['ann/full.jsonl', hintOf({ user: 'ann' })],
    ['full.jsonl', hintOf({})],
    [`${hash}/full.json`, hintOf({})],
    ['backup/ann/.gemini/old.jsonl', hintOf({ user: 'ann' })],
    ['bob/chats/p1/a2.jsonl', hintOf({ sessionId: 'p1', threadId: 'a2', user: 'bob' })],
  ])('%s', (file, expected) => {
    expect(geminiCli.hintFor(file)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const header = { sessionId: 's', projectHash: 'h', startTime: '2026-05-04T09:00:00.000Z' };
  test.each<[string, readonly Json[], boolean]>([
    ['a header', [header], true],
    ['a header after a damaged line', ['text', header], true],
    ['a document', [{ messages: [], ...header }], true],
    ['a document without times', [{ messages: [], sessionId: 's', projectHash: 'h' }], true],
    ['nothing', [], false],
    ['no record', ['text', 1, null], false],
    ['the log of prompts', [[{ sessionId: 's', messageId: 0, type: 'user', message: 'hi', timestamp: 't' }]], false],
    ['a checkpoint', [{ history: [], toolCall: {}, commitHash: 'c' }], false],
    ['Claude Code', [{ type: 'user', sessionId: 's', uuid: 'u', message: { role: 'user', content: 'hi' } }], false],
    ['Qwen Code', [{ type: 'user', sessionId: 's', uuid: 'u', parentUuid: null, message: { parts: [] } }], false],
  ])('%s', (_, records, expected) => {
    expect(geminiCli.recogniseRecords(recordsOf(records))).toBe(expected);
  });

  test('and no fixture of another agent is taken', () => {
    expect(foreignFiles().filter((file) => geminiCli.recogniseRecords(readTranscript(file)))).toEqual([]);
  });
});

describe('the root', () => {
  const linux: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  const rootsOf = (surroundings: Surroundings): string[] =>
    geminiCli.roots(surroundings).map((root) => `${root.origin} ${root.path}`);

  test('is below the home', () => {
    expect(rootsOf(linux)).toEqual(['default /home/ann/.gemini/tmp']);
  });

  test('is below GEMINI_CLI_HOME when it is set: a comma list of homes, or of folders in them', () => {
    expect(rootsOf({ ...linux, env: { GEMINI_CLI_HOME: ' /a , ~/b/.gemini,, /c/.gemini/tmp ' } })).toEqual([
      'GEMINI_CLI_HOME /a/.gemini/tmp',
      'GEMINI_CLI_HOME /home/ann/b/.gemini/tmp',
      'GEMINI_CLI_HOME /c/.gemini/tmp',
    ]);
  });

  test('of a home that is called tmp is below it', () => {
    expect(rootsOf({ ...linux, env: { GEMINI_CLI_HOME: '/tmp' } })).toEqual(['GEMINI_CLI_HOME /tmp/.gemini/tmp']);
  });

  test('on Windows', () => {
    expect(rootsOf({ env: {}, home: 'C:\\Users\\ann', platform: 'win32' })).toEqual([
      'default C:\\Users\\ann\\.gemini\\tmp',
    ]);
  });
});

function foreignFiles(): string[] {
  const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
  const agents = agentFolders().filter((name) => name !== 'gemini-cli');
  return agents.flatMap((agent) =>
    filesUnder(path.join(fixtures, agent))
      .filter((file) => /\/input\/.+\.jsonl?$/.test(file))
      .map((file) => path.join(fixtures, agent, file)),
  );
}
