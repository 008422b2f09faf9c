import { expect, test } from 'vitest';
import { quoted } from '../../src/report/quote.ts';

const key = Buffer.from('key');

async function quote(text: string, kind: 'quote' | 'sentence' = 'quote'): Promise<string> {
  return (await quoted([{ text, kind }], key))({ text, kind });
}

test.each([
  ['one\r\ntwo\n\n\n  three\n', 'one \u23ce two \u23ce three'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['a\u0007b\u202ec\u200bd', 'a\u2407b<U+202E>c<U+200B>d'],
  ['tab\there', 'tab here'],
  ['\ud83d cut emoji', '\ufffd cut emoji'],
  ['x'.repeat(120), 'x'.repeat(120)],
  ['x'.repeat(121), `${'x'.repeat(119)}\u2026`],
  ['\u{1f600}'.repeat(121), `${'\u{1f600}'.repeat(119)}\u2026`],
])('%j is one visible line of at most 120 characters', async (text, expected) => {
  expect(await quote(text)).toBe(expected);
});

test('our own sentences may be longer', async () => {
  expect(await quote('word '.repeat(60), 'sentence')).toBe('word '.repeat(60).trim());
});

test('a secret that the cut would leave in half, and one that colours divide, are gone', async () => {
  const secret = ['gh', 'p_', 'Q7xR2mK9pL4vT8wZ3nB6cD1fG5hJ0sYaQ7xR'].join('');
  expect(await quote(`${'x '.repeat(55)}${secret}`)).toMatch(/^(?:x ){55}\[secret:.*\u2026$/);
  expect(await quote(`${secret.slice(0, 12)}\u001b[0m${secret.slice(12)}`)).toMatch(/^\[secret:github:[0-9a-f]{6}\]$/);
});
