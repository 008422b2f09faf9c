import { expect, test } from 'vitest';
import { sealed, sealedPieces, unsealed } from '../../src/lake/sealed.ts';

test('a text in pieces is sealed as it is as one', () => {
  const value = { rows: Array.from({ length: 40_000 }, (_, row) => [row, 'a text with a ü and a 🙂']) };
  const texts = [
    '{"rows":[',
    ...value.rows.map((row, index) => `${index === 0 ? '' : ','}${JSON.stringify(row)}`),
    ']}',
  ];
  const pieces = sealedPieces(texts);
  const whole = Buffer.concat(pieces).toString();
  expect(whole).toBe(sealed(value));
  expect(unsealed(whole)).toEqual(value);
  // None of them is long, however long the text is.
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(300 * 1024);
});

test('nothing in pieces is sealed as nothing', () => {
  expect(Buffer.concat(sealedPieces(['{}'])).toString()).toBe(sealed({}));
});
