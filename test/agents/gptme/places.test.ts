import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { gptme } from '../../../src/agents/gptme/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const name = '2026-05-04-running-fox';
const main = hintOf({ sessionId: name });

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [`${name}/conversation.jsonl`, main],
    [`${name}/conversation.jsonl.gz`, main],
    [`${name}/conversation.jsonl.zst`, main],
    ['login test/conversation.jsonl', hintOf({ sessionId: 'login test' })],
    [`${name}/branches/main-edit-0.jsonl`, { ...main, replay: true }],
    [`${name}/config.toml`, { ...main, form: 'text' }],
    [`logs/${name}/conversation.jsonl`, main],
    [`ann/.local/share/gptme/logs/${name}/conversation.jsonl`, { ...main, user: 'ann' }],
    [`ann/.local/share/gptme/logs/${name}/branches/b.jsonl`, { ...main, user: 'ann', replay: true }],
    [`2026/bob/Library/Application Support/gptme/logs/${name}/config.toml`, { ...main, user: 'bob', form: 'text' }],
    [`ann/gptme/logs/${name}/conversation.jsonl`, { ...main, user: 'ann' }],
    [`ann/logs/${name}/conversation.jsonl`, { ...main, user: 'ann' }],
  ])('%s', (path, expected) => {
    expect(gptme.recognise(path)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is not', () => {
  test.each([
    'conversation.jsonl',
    `${name}/views/compacted-001.jsonl`,
    `${name}/events.jsonl`,
    `${name}/model_selection_trace.json`,
    `${name}/branches/notes.txt`,
    'tmp8a7b/conversation.jsonl',
    'test-42-shell/conversation.jsonl',
    'gptme-evals-1/conversation.jsonl',
    'gptme-evals-1/config.toml',
    'ann/other/2026/conversation.jsonl',
    'ann/.codex/config.toml',
    '.codex/config.toml',
    'gptme/config.toml',
    '',
  ])('%s', (path) => {
    expect(gptme.recognise(path)).toBeNull();
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    [`ann/deep/${name}/conversation.jsonl`, { ...main, user: 'ann' }],
    [`ann/x/${name}/views/compacted-001.jsonl`, { ...main, user: 'ann', threadId: 'view', replay: true }],
    [`${name}/views/compacted-001.jsonl`, { ...main, threadId: 'view', replay: true }],
    [`ann/x/${name}/branches/b.jsonl`, { ...main, user: 'ann', replay: true }],
    ['ann/notes.jsonl', hintOf({ user: 'ann' })],
    ['notes.jsonl', hintOf({})],
    ['conversation.jsonl', hintOf({})],
  ])('%s', (path, expected) => {
    expect(gptme.hintFor(path)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const user = { role: 'user', content: 'hi', timestamp: '2026-05-04T11:00:00' };
  test.each<[string, readonly Json[], boolean]>([
    ['a message', [user], true],
    [
      'a message with everything',
      [{ ...user, files: [], pinned: false, hide: false, call_id: null, metadata: {} }],
      true,
    ],
    ['nothing', [], false],
    ['a message without a time', [{ role: 'user', content: 'hi' }], false],
    ['a message with more fields', [{ ...user, type: 'user' }], false],
    ['a foreign line among them', [user, { type: 'x' }], false],
    ['no record', [user, 'text'], false],
    ['Cursor', [{ role: 'user', message: { content: [] } }], false],
    ['Claude Code', [{ type: 'user', sessionId: 's', uuid: 'u', message: { role: 'user', content: 'hi' } }], false],
    ['an event of gptme', [{ seq: 1, ts: '2026-05-04T11:00:00Z', type: 'message_append', payload: user }], false],
  ])('%s', (_, records, expected) => {
    expect(gptme.recogniseRecords(recordsOf(records))).toBe(expected);
  });
});

describe('the roots', () => {
  const linux: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  const rootsOf = (surroundings: Surroundings): string[] =>
    gptme.roots(surroundings).map(({ path, origin }) => `${origin} ${path}`);

  test('are the logs below the data home', () => {
    expect(rootsOf(linux)).toEqual(['default /home/ann/.local/share/gptme/logs']);
    expect(rootsOf({ ...linux, env: { XDG_DATA_HOME: '/data' } })).toEqual(['XDG_DATA_HOME /data/gptme/logs']);
  });

  test('are only those of GPTME_LOGS_HOME when it is set', () => {
    const env = { GPTME_LOGS_HOME: '~/logs', XDG_DATA_HOME: '/data' };
    expect(rootsOf({ ...linux, env })).toEqual(['GPTME_LOGS_HOME /home/ann/logs']);
  });

  test('on macOS are also in the place of the system', () => {
    expect(rootsOf({ env: {}, home: '/Users/ann', platform: 'darwin' })).toEqual([
      'default /Users/ann/.local/share/gptme/logs',
      'default /Users/ann/Library/Application Support/gptme/logs',
    ]);
  });
});

test("conversations of gptme's own tests below a directory of logs are ignored, and nobody else's files", () => {
  const ignored = ['gptme/logs/test-1/conversation.jsonl', 'ann/.local/share/gptme/logs/tmpabc/branches/b.jsonl'];
  const read = ['gptme/logs/2026-05-04-running-fox/conversation.jsonl', 'work/logs/test-1/run.jsonl', 'test-1/a.jsonl'];
  expect([...ignored, ...read].filter((path) => gptme.ignores?.(path))).toEqual(ignored);
});
