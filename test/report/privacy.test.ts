import { expect, test } from 'vitest';
import { draftName } from '../../src/report/draft-name.ts';
import { largeGroups, parsePrivacy, pseudonyms } from '../../src/report/privacy.ts';

const key = Buffer.from('key');

test('redacted is what is meant when nothing is said', () => {
  expect(parsePrivacy(undefined)).toBe('redacted');
  expect(() => parsePrivacy('none')).toThrow('Expected --privacy to be full, redacted or aggregate, got "none".');
});

test('a pseudonym is the same each time, differs by person and by key, and does not hold the name (T41)', () => {
  const name = pseudonyms(['ann', 'bob'], key);
  expect(name('ann')).toMatch(/^person-[0-9a-f]{4}$/);
  expect(name('ann')).toBe(pseudonyms(['ann'], key)('ann'));
  expect(name('ann')).not.toBe(name('bob'));
  expect(name('ann')).not.toBe(pseudonyms(['ann'], Buffer.from('other'))('ann'));
});

test('two persons never share a pseudonym', () => {
  // With a thousand names four digits collide for certain.
  const names = Array.from({ length: 1000 }, (_, index) => `person ${index}`);
  const name = pseudonyms(names, key);
  expect(new Set(names.map(name)).size).toBe(1000);
  expect(names.map(name).some((pseudonym) => /^person-[0-9a-f]{8}$/.test(pseudonym))).toBe(true);
});

test.each([
  [
    [5, 9],
    [5, 9],
  ],
  [[4], []],
  // Three persons are left out: who knows all 17 and the 14 could tell what they did.
  [[9, 5, 3], [9]],
  [
    [9, 5, 3, 2],
    [9, 5],
  ],
])('of groups of %j persons those of %j are shown', (people, shown) => {
  const groups = people.map((count) => ({ people: count }));
  expect(largeGroups(groups).map((group) => group.people)).toEqual(shown);
});

test('the name of a draft depends on category, signature and key, and on nothing else', () => {
  const name = draftName('permission', '../../etc/passwd\n# heading', key);
  expect(name).toMatch(/^permission-[0-9a-f]{8}$/);
  expect(draftName('permission', '../../etc/passwd\n# heading', key)).toBe(name);
  expect(draftName('permission', 'other', key)).not.toBe(name);
  expect(draftName('timeout', '../../etc/passwd\n# heading', key).slice(8)).not.toBe(name.slice(11));
  expect(draftName('permission', '../../etc/passwd\n# heading', Buffer.from('other'))).not.toBe(name);
});

test.each(['../..', '/etc/passwd', '', 'a b', 'x'.repeat(300), '\u0000', 'Ünicode'])(
  'category %j makes a name that is a file of its own folder',
  (category) => {
    expect(draftName(category, 's', key)).toMatch(/^[a-z0-9_]{1,40}-[0-9a-f]{8}$/);
  },
);
