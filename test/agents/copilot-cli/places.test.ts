import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintOf, type Surroundings } from '../../../src/agents/agent.ts';
import { copilotCli } from '../../../src/agents/copilot-cli/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { agentFolders, filesUnder, readTranscript, recordsOf } from '../cases.ts';

const session = 'c0ffee00-0000-4000-8000-000000000001';
const known = hintOf({ sessionId: session });

describe('a path in the native layout is recognised', () => {
  test.each([
    [`session-state/${session}/events.jsonl`, known],
    [`.copilot/session-state/${session}/events.jsonl`, known],
    [`ann/.copilot/session-state/${session}/events.jsonl`, { ...known, user: 'ann' }],
    [`home/bob/.copilot/session-state/${session}.jsonl`, { ...known, user: 'bob' }],
    [`ann/session-state/${session}/events.jsonl.gz`, { ...known, user: 'ann' }],
    [`session-state/${session}/events.jsonl.zst`, known],
    [`session-state/nightly-run/events.jsonl`, hintOf({ sessionId: 'nightly-run' })],
  ])('%s', (file, hint) => {
    expect(copilotCli.recognise(file)).toEqual(hint);
  });
});

test.each([
  `session-state/${session}/workspace.yaml`,
  `session-state/${session}/checkpoints/events.jsonl`,
  `session-state/${session}/files/a.jsonl`,
  `${session}/events.jsonl`,
  `events.jsonl`,
  `history-session-state/session_1.json`,
  `otel/traces.jsonl`,
  `logs/process.log`,
])('%s is not recognised', (file) => {
  expect(copilotCli.recognise(file)).toBeNull();
});

describe('the path of a file that its records told', () => {
  test.each([
    [`ann/${session}/full.jsonl`, { ...known, user: 'ann' }],
    [`copies/${session}.jsonl`, { ...known, user: 'copies' }],
    [`pile/ann/.copilot/old/${session}.jsonl`, { ...known, user: 'ann' }],
    [`full.jsonl`, hintOf({})],
  ])('%s', (file, hint) => {
    expect(copilotCli.hintFor(file)).toEqual(hint);
  });
});

describe('records are recognised by their shape', () => {
  const envelope = { data: {}, id: 'e1', parentId: null, timestamp: '2026-06-10T09:00:00.000Z' };
  test.each<[string, Json[], boolean]>([
    ['the start of a session', [{ type: 'session.start', data: { copilotVersion: '1.0.40' } }], true],
    ['a file that is cut at its beginning', [{ ...envelope, type: 'tool.execution_complete', parentId: 'e0' }], true],
    ['an interruption', [{ ...envelope, type: 'abort' }], true],
    ['no records', [], false],
    ['a record without an envelope', [{ type: 'user.message', data: {} }], false],
    ['a type of another agent', [{ ...envelope, type: 'assistant' }], false],
    [
      'records of two kinds',
      [
        { ...envelope, type: 'user.message' },
        { type: 'user', uuid: 'x' },
      ],
      false,
    ],
    ['a list', [[1]], false],
  ])('%s', (_, values, ours) => {
    expect(copilotCli.recogniseRecords(recordsOf(values))).toBe(ours);
  });

  const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
  const others = agentFolders()
    .filter((folder) => folder !== 'copilot-cli')
    .flatMap((folder) => filesUnder(path.join(fixtures, folder)).map((file) => path.join(fixtures, folder, file)))
    .filter((file) => file.endsWith('.jsonl'));

  test('files of other agents are not', () => {
    expect(others.length).toBeGreaterThan(0);
    const taken = others.filter((file) => copilotCli.recogniseRecords(readTranscript(file).slice(0, 8)));
    expect(taken).toEqual([]);
  });
});

describe('roots', () => {
  const rootsOf = (surroundings: Surroundings): string[] =>
    copilotCli.roots(surroundings).map(({ path: root, origin }) => `${origin} ${root}`);

  test('in the home directory', () => {
    expect(rootsOf({ env: {}, home: '/home/ann', platform: 'linux' })).toEqual(['default /home/ann/.copilot']);
  });

  test('a variable replaces it', () => {
    const env = { COPILOT_HOME: '~/copilot, /srv/copilot' };
    expect(rootsOf({ env, home: '/home/ann', platform: 'linux' })).toEqual([
      'COPILOT_HOME /home/ann/copilot',
      'COPILOT_HOME /srv/copilot',
    ]);
  });
});
