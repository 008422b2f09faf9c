import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSecrets } from '../../../src/core/redact/find.ts';
import { KeywordIndex, type Place } from '../../../src/core/redact/keywords.ts';
import { placesInView, withoutEscapes, withoutWraps } from '../../../src/core/redact/views.ts';

const words = ['tok', 'token', 'password', 'Pass', 'key-', 'zzz', 'm31'];
const index = new KeywordIndex(words.map((word) => ({ word, folded: word === word.toLowerCase(), rule: word })));

const shown = (places: readonly Place<string>[]): readonly string[] =>
  places.map(({ keyword, at }) => `${at} ${keyword.word}`).sort();

function placesByHand(text: string): readonly string[] {
  return words
    .flatMap((word) =>
      Array.from({ length: text.length }, (_, at) => at).flatMap((at) => {
        const there = text.slice(at, at + word.length);
        return there === word || (word === word.toLowerCase() && there.toLowerCase() === word) ? [`${at} ${word}`] : [];
      }),
    )
    .sort();
}

const piece = fc.constantFrom(
  ...words,
  ...words.flatMap((word) => [word.slice(0, 2), word.slice(2)]),
  '\u001b[31m',
  '\u001b[0m',
  '\n',
  'a line of text that is as wide as a narrow terminal, and more',
  'x'.repeat(80),
  ' ',
  'é',
  'ź',
);
const anyText = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));

test('a word is found wherever it stands, in any case where that is meant, and nowhere else', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(shown(index.placesIn(text))).toEqual(placesByHand(text));
    }),
  );
});

test('words at the seams of the blocks that are looked at together are found', () => {
  for (let before = 16 * 1024 - 10; before < 16 * 1024 + 4; before += 1) {
    expect(shown(index.placesIn(`${'.'.repeat(before)}password.`))).toEqual([`${before} password`]);
  }
});

test('places in a view are those of a search through the whole view', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const bare = withoutEscapes(text);
      const inBare = bare === null ? index.placesIn(text) : placesInView(bare, index.placesIn(text), index);
      expect(shown(inBare)).toEqual(placesByHand(bare?.text ?? text));
      const joined = withoutWraps(bare?.text ?? text);
      const inJoined = joined === null ? [] : placesInView(joined, inBare, index);
      expect(shown(inJoined)).toEqual(placesByHand(joined?.text ?? ''));
    }),
    { numRuns: 500 },
  );
});

test('a secret across a colour or the edge of a terminal is found, and where it stands', () => {
  // Put together here, so that no scanner takes this file for a leak.
  const token = ['gh', 'p_', 'a1B2c3D4e5F6'.repeat(3)].join('');
  const wide = 'some words before it '.repeat(3);
  for (let cut = 1; cut < token.length; cut += 1) {
    const coloured = `see ${token.slice(0, cut)}\u001b[1m${token.slice(cut)} now`;
    expect(findSecrets(coloured).some(({ hidden }) => hidden === token)).toBe(true);
    const wrapped = `${wide}${token.slice(0, cut)}\n${token.slice(cut)} now`;
    const found = findSecrets(wrapped).find(({ hidden }) => hidden === token);
    expect(found).toMatchObject({ start: wide.length, end: wide.length + token.length + 1 });
  }
});
