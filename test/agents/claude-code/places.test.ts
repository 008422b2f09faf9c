import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import { agentById, agents } from '../../../src/agents/index.ts';
import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const session = '5f0c0000-0000-4000-8000-000000000001';
const file = `${session}.jsonl`;

const hint = hintOf;

const main = hint({ sessionId: session, threadId: 'main' });

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [`-home-ann-shop/${file}`, main],
    [`D--work-shop/${file}`, main],
    [`-home-ann-shop/agent-a24095b.jsonl`, hint({ threadId: 'a24095b' })],
    [`-home-ann-shop/agent-acompact-77.jsonl`, hint({ threadId: 'acompact-77', replay: true })],
    [`-home-ann-shop/${session}/subagents/agent-a1.jsonl`, hint({ sessionId: session, threadId: 'a1' })],
    [`-home-ann-shop/${session}/subagents/workflows/wf_1/agent-a1.jsonl`, hint({ sessionId: session, threadId: 'a1' })],
    [`-home-ann-shop/${file}.gz`, main],
    [`-home-ann-shop/agent-a1.jsonl.zst`, hint({ threadId: 'a1' })],
    [`projects/-home-ann-shop/${file}`, main],
    [`.claude/projects/-home-ann-shop/${file}`, main],
    [`ann/.claude/projects/-home-ann-shop/${file}`, { ...main, user: 'ann' }],
    [`ann/.claude/projects/odd-name/${file}`, { ...main, user: 'ann' }],
    [`2026/ann/.config/claude/projects/-w/${file}`, { ...main, user: 'ann' }],
    [`ann/projects/-home-ann-shop/${file}`, { ...main, user: 'ann' }],
    [`ann/projects/-home-ann-shop/agent-a1.jsonl`, hint({ threadId: 'a1', user: 'ann' })],
    [`${session}/${session}/local_77/.claude/projects/-sessions-x/${file}`, main],
  ])('%s', (path, expected) => {
    expect(claudeCode.recognise(path)).toEqual(expected);
  });
});

describe('a path that says too little, or something else, is left to the records', () => {
  test.each([
    `ann/${file}`,
    `ann/2026-05-04_${file}`,
    `ann/notes-${file}`,
    file,
    `-home-ann-shop/notes.jsonl`,
    `-home-ann-shop/${session}.json`,
    `-home-ann-shop/${session}/tool-results/x.jsonl`,
    `-home-ann-shop/${session}/subagents/workflows/wf_1/journal.jsonl`,
    `-home-ann-shop/${session}/subagents/agent-a1.meta.json`,
    `-home-ann-shop/${session}/workflows/wf_1.json`,
    `.claude/history.jsonl`,
    `ann/projects/shop/${file}`,
    `ann/.openclaude/projects/-home-ann-shop/${file}`,
    `ann/.qwen/projects/-home-ann-shop/chats/${file}`,
    `ann/.codex/sessions/2026/05/04/rollout-2026-05-04-${file}`,
    '',
  ])('%s', (path) => {
    expect(claudeCode.recognise(path)).toBeNull();
  });
});

describe('the path of a file that its records gave away still tells what it can', () => {
  test.each<[string, SourceHint]>([
    [`ann/2026-05-04_${file}`, hint({ sessionId: session, user: 'ann' })],
    [`ann/deep/notes-${file}`, hint({ sessionId: session, user: 'ann' })],
    [`ann/${session}/subagents/agent-a1.jsonl`, hint({ sessionId: session, threadId: 'a1', user: 'ann' })],
    [`ann/agent-aside_question-9.jsonl`, hint({ threadId: 'aside_question-9', replay: true, user: 'ann' })],
    [`home/ann/.claude/odd.jsonl`, hint({ user: 'ann' })],
    [`-home-ann-shop/7.jsonl`, hint({})],
    ['7.jsonl', hint({})],
    [file, hint({ sessionId: session })],
  ])('%s', (path, expected) => {
    expect(claudeCode.hintFor(path)).toEqual(expected);
  });
});

describe('the first records tell whose a file is', () => {
  const user = { type: 'user', sessionId: 's', uuid: 'u', message: { role: 'user', content: 'hi' } };
  test.each<[string, readonly Json[], boolean]>([
    ['a user line', [user], true],
    ['a user line after a damaged one', ['text', user], true],
    ['a summary', [{ type: 'summary', summary: 'x', leafUuid: 'l' }], true],
    ['a file snapshot', [{ type: 'file-history-snapshot', messageId: 'm', snapshot: {} }], true],
    ['a waiting prompt', [{ type: 'queue-operation', operation: 'enqueue', sessionId: 's' }], true],
    ['an unknown type before a known one', [{ type: 'never-seen', sessionId: 's' }, user], true],
    ['nothing', [], false],
    ['no record', ['text', 1, null], false],
    ['Qwen Code', [{ ...user, message: { role: 'user', parts: [{ text: 'hi' }] } }], false],
    ['Qwen Code telemetry', [{ type: 'system', sessionId: 's', uuid: 'u', systemPayload: {} }], false],
    ['Codex', [{ timestamp: 't', type: 'session_meta', payload: { id: 'x' } }], false],
    ['pi', [{ type: 'session', id: 'x' }, user], false],
    [
      'Droid',
      [
        { type: 'session_start', id: 'x' },
        { type: 'message', message: { role: 'user' } },
      ],
      false,
    ],
    ['Copilot', [{ type: 'session.start', data: { sessionId: 's' } }], false],
    ['typed prompts of all projects', [{ display: 'hi', timestamp: 1, project: '/x', sessionId: 's' }], false],
    ['a user line without a message', [{ type: 'user', sessionId: 's', text: 'hi' }], false],
  ])('%s', (_, records, expected) => {
    expect(claudeCode.recogniseRecords(recordsOf(records))).toBe(expected);
  });
});

describe('the roots', () => {
  const linux: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  const rootsOf = (surroundings: Surroundings): string[] =>
    claudeCode.roots(surroundings).map(({ path, origin }) => `${origin} ${path}`);

  test('are both homes and the desktop program', () => {
    expect(rootsOf(linux)).toEqual([
      'default /home/ann/.claude/projects',
      'default /home/ann/.config/claude/projects',
      'default /home/ann/.config/Claude/local-agent-mode-sessions',
    ]);
  });

  test('follow XDG_CONFIG_HOME', () => {
    expect(rootsOf({ ...linux, env: { XDG_CONFIG_HOME: '/cfg' } })).toEqual([
      'default /home/ann/.claude/projects',
      'XDG_CONFIG_HOME /cfg/claude/projects',
      'XDG_CONFIG_HOME /cfg/Claude/local-agent-mode-sessions',
    ]);
  });

  test('are only those of CLAUDE_CONFIG_DIR when it is set: a comma list of either directory', () => {
    expect(
      rootsOf({ ...linux, env: { CLAUDE_CONFIG_DIR: ' /a , ~/b/projects,, ~ ', XDG_CONFIG_HOME: '/cfg' } }),
    ).toEqual([
      'CLAUDE_CONFIG_DIR /a/projects',
      'CLAUDE_CONFIG_DIR /home/ann/b/projects',
      'CLAUDE_CONFIG_DIR /home/ann/projects',
    ]);
  });

  test('are none when CLAUDE_CONFIG_DIR names nothing but commas', () => {
    expect(rootsOf({ ...linux, env: { CLAUDE_CONFIG_DIR: ',' } })).toEqual([]);
  });

  test('are the defaults when CLAUDE_CONFIG_DIR is empty', () => {
    expect(rootsOf({ ...linux, env: { CLAUDE_CONFIG_DIR: '' } })).toEqual(rootsOf(linux));
  });

  test('on macOS', () => {
    expect(rootsOf({ env: {}, home: '/Users/ann', platform: 'darwin' })).toEqual([
      'default /Users/ann/.claude/projects',
      'default /Users/ann/.config/claude/projects',
      'default /Users/ann/Library/Application Support/Claude/local-agent-mode-sessions',
    ]);
  });

  test('on Windows', () => {
    const env = { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' };
    expect(rootsOf({ env, home: 'C:\\Users\\ann', platform: 'win32' })).toEqual([
      'default C:\\Users\\ann\\.claude\\projects',
      'default C:\\Users\\ann\\.config\\claude\\projects',
      'APPDATA C:\\Users\\ann\\AppData\\Roaming\\Claude\\local-agent-mode-sessions',
      'LOCALAPPDATA C:\\Users\\ann\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\local-agent-mode-sessions',
    ]);
  });
});

test('an agent is found by its id, and an unknown id is a broken promise', () => {
  expect(agents.map((agent) => agentById(agent.id))).toEqual(agents);
  expect(() => agentById('nobody')).toThrow('Expected the id of an agent, got "nobody"');
});
