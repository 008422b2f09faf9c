import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { codex } from '../../../src/agents/codex/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const session = '0198a000-0000-4000-8000-000000000001';
const name = `rollout-2026-05-04T11-00-00-${session}`;
const main = hintOf({ sessionId: session, threadId: 'main' });

describe('a path is recognised by the name of the file', () => {
  test.each<[string, SourceHint]>([
    [`2026/05/04/${name}.jsonl`, main],
    [`2026/05/04/${name}.jsonl.zst`, main],
    [`${name}.jsonl.gz`, main],
    [`ann/.codex/sessions/2026/05/04/${name}.jsonl`, { ...main, user: 'ann' }],
    [`home/ann/.codex/archived_sessions/${name}.jsonl.zst`, { ...main, user: 'ann' }],
    [`ann/sessions/2026/05/04/${name}.jsonl`, { ...main, user: 'ann' }],
    [`ann/archived_sessions/${name}.jsonl`, { ...main, user: 'ann' }],
    [`ann/.codex/sessions/rollout-2025-05-04-${session}.json`, { ...main, user: 'ann', form: 'document' }],
    [`.codex/sessions/2026/05/04/${name}.jsonl`, main],
    [`backup/codex/sessions/2026/05/04/${name}.jsonl`, main],
    ['2026/05/04/rollout-test.jsonl', hintOf({ threadId: 'main' })],
  ])('%s', (path, expected) => {
    expect(codex.recognise(path)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is left to the records', () => {
  test.each([
    `ann/.codex/sessions/2026/05/04/${session}.jsonl`,
    'ann/.codex/history.jsonl',
    'ann/.codex/session_index.jsonl',
    `ann/.codex/sessions/2026/05/04/${name}.md`,
    `ann/projects/-home-ann-shop/${session}.jsonl`,
    `ann/.trae/cli/sessions/2026/05/04/${name}.jsonl`,
    '',
  ])('%s', (path) => {
    expect(codex.recognise(path)).toBeNull();
  });

  test('but the sessions of TraeX, which look the same, are never read', () => {
    expect(codex.ignores?.(`ann/.trae/cli/sessions/2026/05/04/${name}.jsonl`)).toBe(true);
    expect(codex.ignores?.(`ann/.codex/sessions/2026/05/04/${name}.jsonl`)).toBe(false);
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    [`ann/saved/${session}.jsonl`, { ...main, user: 'ann' }],
    [`ann/.codex/old/${session}/1.jsonl`, hintOf({ threadId: 'main', user: 'ann' })],
    ['1.jsonl', hintOf({ threadId: 'main' })],
  ])('%s', (path, expected) => {
    expect(codex.hintFor(path)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const timestamp = '2026-05-04T09:00:00.000Z';
  const header = { id: session, timestamp, instructions: null };
  const message = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] };
  test.each<[string, readonly Json[], boolean]>([
    ['a head', [{ timestamp, type: 'session_meta', payload: { id: session } }], true],
    ['an event after a damaged line', ['x', { timestamp, type: 'event_msg', payload: { type: 'token_count' } }], true],
    ['bare lines', [header, { record_type: 'state' }, message], true],
    ['a bare head', [header], true],
    ['a document', [{ session: { id: session, timestamp }, items: [message] }], true],
    ['nothing', [], false],
    ['no record', ['x', 1, null], false],
    ['an event of nothing', [{ timestamp, type: 'event_msg', payload: {} }], false],
    [
      'Claude Code',
      [{ type: 'user', uuid: 'u', sessionId: 's', timestamp, message: { role: 'user', content: 'hi' } }],
      false,
    ],
    ['Copilot CLI', [{ type: 'session.start', id: 'x', timestamp, data: { sessionId: 's' } }], false],
    ['Gemini CLI', [{ sessionId: 's', projectHash: 'p', startTime: timestamp, messages: [] }], false],
    [
      'pi',
      [
        { type: 'session', id: 'x', timestamp, cwd: '/w' },
        { type: 'message', message },
      ],
      false,
    ],
    ['gptme', [{ role: 'user', content: 'hi', timestamp }], false],
    ['typed prompts', [{ session_id: 's', ts: 1, text: 'hi' }], false],
    ['the stream of codex exec --json', [{ type: 'thread.started', thread_id: 't' }, { type: 'turn.started' }], false],
    ['a document of another kind', [{ session: { id: 's', timestamp }, items: [{ type: 'page' }] }], false],
  ])('%s', (_, records, expected) => {
    expect(codex.recogniseRecords(recordsOf(records))).toBe(expected);
  });
});

describe('the roots', () => {
  const linux: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  const rootsOf = (surroundings: Surroundings): string[] =>
    codex.roots(surroundings).map(({ path, origin }) => `${origin} ${path}`);

  test('are the live and the archived sessions', () => {
    expect(rootsOf(linux)).toEqual(['default /home/ann/.codex/sessions', 'default /home/ann/.codex/archived_sessions']);
  });

  test('are those of CODEX_HOME alone where it is set: a list of homes, or of their folders', () => {
    expect(rootsOf({ ...linux, env: { CODEX_HOME: '~/c, /data/codex/sessions ,' } })).toEqual([
      'CODEX_HOME /home/ann/c/sessions',
      'CODEX_HOME /home/ann/c/archived_sessions',
      'CODEX_HOME /data/codex/sessions',
    ]);
  });

  test('follow the platform', () => {
    const windows: Surroundings = { env: {}, home: 'C:\\Users\\ann', platform: 'win32' };
    expect(rootsOf(windows)[0]).toBe('default C:\\Users\\ann\\.codex\\sessions');
  });
});
