import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintOf, type Surroundings } from '../../../src/agents/agent.ts';
import { goose } from '../../../src/agents/goose/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { filesUnder, readTranscript, recordsOf } from '../cases.ts';

const known = hintOf({ sessionId: '20250601_101500' });

describe('a path in the native layout is recognised', () => {
  test.each([
    ['20250601_101500.jsonl', known],
    ['ann/.local/share/goose/sessions/20250601_101500.jsonl', { ...known, user: 'ann' }],
    ['ann/goose/sessions/20250601_101500.jsonl.gz', { ...known, user: 'ann' }],
    ['.local/share/goose/sessions/cart.jsonl', hintOf({ sessionId: 'cart' })],
    ['bob/AppData/Roaming/Block/goose/data/sessions/cart.jsonl', hintOf({ sessionId: 'cart' })],
  ])('%s', (file, hint) => {
    expect(goose.recognise(file)).toEqual(hint);
  });
});

test.each([
  'cart.jsonl',
  'sessions/cart.jsonl',
  'sessions/rollout-2026-06-10T09-00-00-x.jsonl',
  'goose/logs/cart.jsonl',
  'sessions.db',
])('%s is not recognised', (file) => {
  expect(goose.recognise(file)).toBeNull();
});

test('the path of a file that its records told', () => {
  expect(goose.hintFor('ann/old/20250601_101500.jsonl')).toEqual({ ...known, user: 'ann' });
  expect(goose.hintFor('export.jsonl')).toEqual(hintOf({}));
});

describe('records are recognised by their shape', () => {
  const message = { role: 'user', created: 1_781_082_005, content: [{ type: 'text', text: 'hi' }] };
  test.each<[string, Json[], boolean]>([
    ['a description and a message', [{ working_dir: '/home/ann/shop', description: 'Cart' }, message], true],
    ['messages alone', [message, message], true],
    ['a description alone', [{ working_dir: '/home/ann/shop', message_count: 0 }], true],
    ['no records', [], false],
    ['messages without a time', [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }], false],
    ['messages with a time as text', [{ ...message, created: '2026-06-10' }], false],
    ['a record of another kind in between', [message, { type: 'x' }], false],
    ['a list', [[1]], false],
  ])('%s', (_, values, ours) => {
    expect(goose.recogniseRecords(recordsOf(values))).toBe(ours);
  });

  const fixtures = path.resolve(import.meta.dirname, '../../../fixtures');
  const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');

  test.each([fixtures, corpus])('files of other agents are not: %s', (root) => {
    const files = fs.existsSync(root) ? filesUnder(root) : [];
    const taken = files
      .filter((file) => file.endsWith('.jsonl') && !file.startsWith('goose/'))
      .filter((file) => goose.recogniseRecords(readTranscript(path.join(root, file)).slice(0, 8)));
    expect(taken).toEqual([]);
  });
});

describe('roots', () => {
  const rootsOf = (surroundings: Surroundings): string[] =>
    goose.roots(surroundings).map(({ path: root, origin }) => `${origin} ${root}`);

  test.each<[string, Surroundings, string[]]>([
    [
      'in the home directory',
      { env: {}, home: '/home/ann', platform: 'linux' },
      ['default /home/ann/.local/share/goose/sessions'],
    ],
    [
      'on a Mac',
      { env: {}, home: '/Users/ann', platform: 'darwin' },
      ['default /Users/ann/.local/share/goose/sessions'],
    ],
    [
      'in the data directory',
      { env: { XDG_DATA_HOME: '/srv/data' }, home: '/home/ann', platform: 'linux' },
      ['XDG_DATA_HOME /srv/data/goose/sessions'],
    ],
    [
      'below the configured folder',
      { env: { GOOSE_PATH_ROOT: '~/g', XDG_DATA_HOME: '/srv/data' }, home: '/home/ann', platform: 'linux' },
      ['GOOSE_PATH_ROOT /home/ann/g/data/sessions'],
    ],
    [
      'on Windows',
      { env: { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' }, home: 'C:\\Users\\ann', platform: 'win32' },
      ['APPDATA C:\\Users\\ann\\AppData\\Roaming\\Block\\goose\\data\\sessions'],
    ],
    ['on Windows without a profile', { env: {}, home: 'C:\\Users\\ann', platform: 'win32' }, []],
  ])('%s', (_, surroundings, wanted) => {
    expect(rootsOf(surroundings)).toEqual(wanted);
  });
});
