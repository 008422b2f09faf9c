import { expect, test } from 'vitest';
import { kiloCli } from '../../../src/agents/kilo-cli/index.ts';

test.each<[string, boolean]>([
  ['kilo.db', true],
  ['ann/.local/share/kilo/kilo.db', true],
  ['opencode.db', false],
  ['kilo.db-wal', false],
  ['storage/session/p1/ses_1.json', true],
  ['ann/kilo/storage/session/p1/ses_1.json', true],
  ['ann/opencode/storage/session/p1/ses_1.json', false],
])('%s', (path, expected) => {
  const found = kiloCli.collections.some((each) =>
    each.kind === 'database' ? each.recognise(path) : each.recognise(path) !== null,
  );
  expect(found).toBe(expected);
});

test('its root is its own', () => {
  expect(kiloCli.roots({ env: {}, home: '/home/ann', platform: 'linux' })).toEqual([
    { path: '/home/ann/.local/share/kilo', origin: 'default' },
  ]);
  expect(kiloCli.hintFor('ann/.local/share/kilo/kilo.db').user).toBe('ann');
  expect(kiloCli.recognise('kilo.db')).toBeNull();
  expect(kiloCli.recogniseRecords([])).toBe(false);
});
