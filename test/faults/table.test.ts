import { describe, expect, test } from 'vitest';
import { catalogue, filesWithIds, idsIn, notApplicable, titlesIn } from './ids.mjs';
import { faultRows, type HeldTest } from './table.mjs';

const numbered = (letter: string, last: number, width: number): readonly string[] =>
  Array.from({ length: last }, (_, index) => `${letter}${`${index + 1}`.padStart(width, '0')}`);

test('the catalogue has every property, fault and threat once, in order', () =>
  expect([...catalogue().keys()]).toEqual([...numbered('P', 10, 1), ...numbered('F', 72, 2), ...numbered('T', 55, 2)]));

test('every id in a title or in the table of what does not apply is a real one, and none is in both', () => {
  const known = catalogue();
  const held = filesWithIds().flatMap(({ titles }) => titles.flatMap(idsIn));
  const excused = [...notApplicable().keys()];
  expect([...held, ...excused].filter((id) => !known.has(id))).toEqual([]);
  expect(excused.filter((id) => held.includes(id))).toEqual([]);
});

test('ids are read from the end of a title only, in every kind of quotation mark', () => {
  expect(idsIn('a file is cut (F29, F30)')).toEqual(['F29', 'F30']);
  expect(idsIn('what (F29) means')).toEqual([]);
  expect(idsIn('sizes (in bytes)')).toEqual([]);
  expect(
    titlesIn('test(\'one (P1)\', () => 0); describe("two (F01)", x); test.each([1])(`three (T02, T03)`, y)'),
  ).toEqual(['one (P1)', 'two (F01)', 'three (T02, T03)']);
});

describe('the row of an id', () => {
  const row = (tests: readonly Omit<HeldTest, 'ids'>[], why?: string): unknown => {
    const excuses = new Map(why === undefined ? [] : [['F01', why]]);
    const held = tests.map((test) => ({ ...test, ids: ['F01'] }));
    const [first] = faultRows(new Map([['F01', 'a fault']]), excuses, held);
    return [first?.result, first?.bad];
  };
  const passed = { file: 'a.test.ts', name: 'a', state: 'passed', note: '' } as const;

  test.each([
    ['without a test and without a reason is missing', [], undefined, ['MISSING', true]],
    ['with a reason does not apply', [], 'why', ['not applicable: why', false]],
    ['with passed tests is held', [passed, passed], undefined, ['passed (2)', false]],
    ['with one failed test fails', [passed, { ...passed, state: 'failed' }], undefined, ['failed (1 of 2)', true]],
    [
      'with a skipped test needs its reason',
      [{ ...passed, state: 'skipped' }],
      undefined,
      ['skipped without a reason', true],
    ],
    [
      'with nothing but a skipped test is not passed',
      [{ ...passed, state: 'skipped', note: 'no mount here' }],
      undefined,
      ['skipped: no mount here', false],
    ],
    [
      'with a skipped test beside passed ones says so',
      [passed, { ...passed, state: 'skipped', note: 'no strace' }],
      undefined,
      ['passed (1), 1 skipped: no strace', false],
    ],
  ] as const)('%s', (_title, tests, why, expected) => expect(row(tests, why)).toEqual(expected));
});
