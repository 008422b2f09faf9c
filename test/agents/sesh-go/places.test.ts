import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint } from '../../../src/agents/agent.ts';
import { seshGo } from '../../../src/agents/sesh-go/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const id = '20260704-101500-1a2b3c4d';
const session = hintOf({ sessionId: id, form: 'document' });
const chain = hintOf({ sessionId: id });

describe('a name in the native form is recognised wherever it lies', () => {
  test.each<[string, SourceHint]>([
    [`${id}.json`, session],
    [`${id}.json.gz`, session],
    [`${id}-precompact.json`, session],
    ['20260704-101500-1a2b.json', { ...session, sessionId: '20260704-101500-1a2b' }],
    [`sessions/${id}.json`, session],
    [`ann/.sesh/sessions/${id}.json`, { ...session, user: 'ann' }],
    [`ann/sessions/${id}.json`, { ...session, user: 'ann' }],
    [`ann/shop/.sesh-sessions/${id}.json`, session],
    [`${id}.jsonl`, chain],
    [`ann/.sesh/chains/${id}.jsonl`, { ...chain, user: 'ann' }],
    [`ann/chains/${id}.jsonl.zst`, { ...chain, user: 'ann' }],
  ])('%s', (path, expected) => {
    expect(seshGo.recognise(path)).toEqual(expected);
  });
});

describe('other names are not', () => {
  test.each([
    `${id}.lock`,
    `${id}.json.tmp`,
    `${id}-notes.json`,
    '20260704-101500.json',
    '20260704-101500-xyz12345.json',
    'ann/.sesh/history/0f0f0f.jsonl',
    `ann/.sesh/run/${id}/proc-1.log`,
    'ann/.sesh/providers.json',
    '',
  ])('%s', (path) => {
    expect(seshGo.recognise(path)).toBeNull();
  });
});

test('the path of a file that its records gave away still tells what it can', () => {
  expect(seshGo.hintFor('ann/notes.json')).toEqual(hintOf({ user: 'ann', form: 'document' }));
  expect(seshGo.hintFor('ann/notes.jsonl')).toEqual(hintOf({ user: 'ann' }));
  expect(seshGo.hintFor(`ann/old/${id}.json`)).toEqual({ ...session, user: 'ann' });
  expect(seshGo.hintFor('notes.json')).toEqual(hintOf({ form: 'document' }));
});

describe('the first record tells whose a file is', () => {
  const whole = { id, protocol: 'anthropic', created: '2026-07-04T10:15:00Z', turns: [] };
  const handoff = { time: '2026-07-04T10:15:00Z', from: 'a', to: 'b', entry: 'c' };
  test.each<[string, readonly Json[], boolean]>([
    ['a session', [whole], true],
    ['a session without turns', [{ ...whole, turns: null }], true],
    ['a chain', [handoff, handoff], true],
    ['nothing', [], false],
    ['a session whose turns are something else', [{ ...whole, turns: 3 }], false],
    ['a document with turns of another program', [{ turns: [] }], false],
    ['a chain with a foreign line', [handoff, { type: 'x' }], false],
    ['Gemini CLI', [{ sessionId: 's', projectHash: 'p', startTime: 't', messages: [] }], false],
    ['Amp', [{ v: 1, id: 'T-1', created: 1, messages: [] }], false],
  ])('%s', (_, records, expected) => {
    expect(seshGo.recogniseRecords(recordsOf(records))).toBe(expected);
  });
});

test('the roots are sessions and chains below the home', () => {
  const paths = seshGo.roots({ env: { XDG_DATA_HOME: '/data' }, home: '/home/ann', platform: 'linux' });
  expect(paths.map(({ path, origin }) => `${origin} ${path}`)).toEqual([
    'default /home/ann/.sesh/sessions',
    'default /home/ann/.sesh/chains',
  ]);
});
