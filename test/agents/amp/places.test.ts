import { describe, expect, test } from 'vitest';
import { hintOf, type SourceHint } from '../../../src/agents/agent.ts';
import { amp } from '../../../src/agents/amp/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const thread = 'T-5f0c0000-0000-4000-8000-000000000001';
const hint = hintOf({ sessionId: thread, form: 'document' });

describe('a path in the native layout is recognised', () => {
  test.each<[string, SourceHint]>([
    [`${thread}.json`, hint],
    [`${thread}.json.gz`, hint],
    [`ann/.local/share/amp/threads/${thread}.json.zst`, { ...hint, user: 'ann' }],
    [`2026/ann/.local/share/amp/threads/${thread}.json`, { ...hint, user: 'ann' }],
    [`.local/share/amp/threads/${thread}.json`, hint],
    [`ann/amp/threads/${thread}.json`, { ...hint, user: 'ann' }],
    [`ann/threads/${thread}.json`, { ...hint, user: 'ann' }],
    [`ann/amp/threads/T-old.json`, hintOf({ sessionId: 'T-old', user: 'ann', form: 'document' })],
  ])('%s', (path, expected) => {
    expect(amp.recognise(path)).toEqual(expected);
  });
});

describe('another path is left to the records', () => {
  test.each([`ann/T-shirts.json`, `${thread}.jsonl`, `ann/export-${thread}.json`, `threads/session.json`, ''])(
    '%s',
    (path) => {
      expect(amp.recognise(path)).toBeNull();
    },
  );
});

test('the path of a file that its records gave away still tells what it can', () => {
  expect(amp.hintFor(`ann/export-${thread}.json`)).toEqual({ ...hint, user: 'ann' });
  expect(amp.hintFor('export.json')).toEqual(hintOf({ form: 'document' }));
});

describe('the first records tell whose a file is', () => {
  const document = { v: 3, id: thread, messages: [{ messageId: 1, role: 'user', content: [] }] };
  test.each<[string, readonly Json[], boolean]>([
    ['a thread', [document], true],
    ['a thread without messages yet', [{ id: thread, created: 1, messages: [] }], true],
    ['another id', [{ ...document, id: 'ses_1' }], false],
    ['messages of another shape', [{ ...document, messages: [{ info: {}, parts: [] }] }], false],
    ['several records', [document, document], false],
    ['no thread at all', [[document]], false],
    ['nothing', [], false],
  ])('%s', (_, values, expected) => {
    expect(amp.recogniseRecords(recordsOf(values))).toBe(expected);
  });
});

test('threads lie below the home on every system', () => {
  const at = (platform: NodeJS.Platform, home: string): unknown => amp.roots({ env: {}, home, platform });
  expect(at('linux', '/home/ann')).toEqual([{ path: '/home/ann/.local/share/amp/threads', origin: 'default' }]);
  expect(at('win32', 'C:\\Users\\ann')).toEqual([
    { path: 'C:\\Users\\ann\\.local\\share\\amp\\threads', origin: 'default' },
  ]);
});
