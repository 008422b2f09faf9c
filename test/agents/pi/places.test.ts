import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { pi } from '../../../src/agents/pi/index.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const session = '01970000-0000-7000-8000-000000000001';
const file = `2026-05-04T09-00-00-000Z_${session}.jsonl`;
const main = hintOf({ sessionId: session, threadId: 'main' });

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [file, main],
    [`--home-ann-shop--/${file}`, main],
    [`--home-ann-shop--/${file}.gz`, main],
    [`--home-ann-shop--/${file}.zst`, main],
    [`--home-ann-shop--/2026-05-04T09-00-00-000Z_my-session.jsonl`, { ...main, sessionId: 'my-session' }],
    [`ann/.pi/agent/sessions/--home-ann-shop--/${file}`, { ...main, user: 'ann' }],
    [`2026/ann/.pi/agent/sessions/--home-ann-shop--/${file}`, { ...main, user: 'ann' }],
    [`ann/sessions/${file}`, { ...main, user: 'ann' }],
    [`ann/--home-ann-shop--/${file}`, { ...main, user: 'ann' }],
  ])('%s', (path, expected) => {
    expect(pi.recognise(path)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is left to the records', () => {
  test.each([
    '',
    `${session}.jsonl`,
    '2026-05-04T09-00-00-000Z_notes.jsonl',
    `--home-ann-shop--/${session}.jsonl`,
    `--home-ann-shop--/notes.jsonl`,
    `ann/.omp/agent/sessions/--home-ann-shop--/${file}`,
    `ann/.prime/agent/sessions/--home-ann-shop--/${file}`,
    `ann/.openclaw/agents/main/sessions/${session}.jsonl`,
    `ann/.codex/sessions/2026/05/04/rollout-2026-05-04T09-00-00-${session}.jsonl`,
    `--home-ann-shop--/2026-05-04T09-00-00-000Z_${session}.json`,
  ])('%s', (path) => {
    expect(pi.recognise(path)).toBeNull();
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    ['ann/full.jsonl', hintOf({ user: 'ann' })],
    ['full.jsonl', hintOf({})],
    [`bob/${file}`, hintOf({ sessionId: session, user: 'bob' })],
    ['.hidden/full.jsonl', hintOf({})],
  ])('%s', (path, expected) => {
    expect(pi.hintFor(path)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const at = '2026-05-04T09:00:00.000Z';
  const line: JsonObject = { type: 'session', version: 3, id: session, timestamp: at, cwd: '/shop' };
  const entry = (fields: JsonObject): JsonObject => ({ id: '0000000a', parentId: null, timestamp: at, ...fields });
  const prompt = entry({ type: 'message', message: { role: 'user', content: 'hi' } });
  test.each<[string, readonly Json[], boolean]>([
    ['a session line alone', [line], true],
    ['a session line and a prompt', [line, prompt], true],
    [
      'a session line of version 1',
      [
        { ...line, version: undefined },
        { ...prompt, id: undefined },
      ],
      true,
    ],
    ['a type that nobody has seen', [line, entry({ type: 'never_seen' })], true],
    ['a damaged line in between', [line, 'text', prompt], true],
    ['no records', [], false],
    ['no session line', [prompt], false],
    ['a session line behind another', [prompt, line], false],
    ['a session line without a folder', [{ ...line, cwd: undefined }], false],
    ['a version that pi never had', [{ ...line, version: 7 }], false],
    ['another form of time', [{ ...line, timestamp: 5 }], false],
    ['a title before the session line (omp)', [{ type: 'title', v: 1, title: 'x' }, line], false],
    ['a model in one word (omp)', [line, entry({ type: 'model_change', model: 'openai/gpt-5.5' })], false],
    [
      'a prompt with its author (omp)',
      [line, entry({ type: 'message', message: { role: 'user', attribution: 'user' } })],
      false,
    ],
    ['the start of a sub-agent (omp)', [line, entry({ type: 'session_init', task: 'x' })], false],
    ['context of OpenClaw', [line, entry({ type: 'custom_message', customType: 'openclaw.runtime-context' })], false],
    [
      'a delivery of OpenClaw',
      [line, entry({ type: 'message', message: { role: 'assistant', provider: 'openclaw' } })],
      false,
    ],
    ['numbered lines (DeepSeek harness)', [line, { type: 'turn/start', seq: 1, time: 5, data: {} }], false],
    ['a user line of Claude Code', [{ type: 'user', sessionId: 's', uuid: 'u', timestamp: at, message: {} }], false],
  ])('%s', (_, values, expected) => {
    expect(pi.recogniseRecords(recordsOf(values))).toBe(expected);
  });
});

describe('roots', () => {
  const base: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  const roots = (env: Surroundings['env'], platform: NodeJS.Platform = 'linux') => pi.roots({ ...base, env, platform });
  test('lie in the home directory', () => {
    expect(roots({})).toEqual([{ path: '/home/ann/.pi/agent/sessions', origin: 'default' }]);
  });
  test('follow the variable of the agent directory, or of its sessions', () => {
    expect(roots({ PI_CODING_AGENT_DIR: '~/pi, /data/pi/sessions' })).toEqual([
      { path: '/home/ann/pi/sessions', origin: 'PI_CODING_AGENT_DIR' },
      { path: '/data/pi/sessions', origin: 'PI_CODING_AGENT_DIR' },
    ]);
  });
  test('follow the variable of the sessions first', () => {
    expect(roots({ PI_CODING_AGENT_DIR: '/data/pi', PI_CODING_AGENT_SESSION_DIR: '/data/all' })).toEqual([
      { path: '/data/all', origin: 'PI_CODING_AGENT_SESSION_DIR' },
    ]);
  });
});
