import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { krippendorffAlpha, pairedAlpha } from '../../../../src/judge/calibrate/statistics/alpha.ts';
import { confusion, ratingsOf, thirty, three } from './matrices.ts';

type Answers = readonly (number | null)[];

/** Four observers, twelve units, values 1 to 5; 0 stands for no answer (Krippendorff 2011, section D). */
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
  [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
];
const published: readonly Answers[] = [...Array(12).keys()].map((unit) =>
  observers.map((values) => (values[unit] === 0 ? null : (values[unit] ?? 0) - 1)),
);

test("Krippendorff's own example gives the published 0.743 nominal and 0.815 ordinal", () => {
  expect(krippendorffAlpha(published, 5, 'nominal')).toBeCloseTo(113 / 152, 12);
  expect(krippendorffAlpha(published, 5, 'ordinal')).toBeCloseTo(108_577 / 133_160, 12);
  expect([113 / 152, 108_577 / 133_160].map((alpha) => alpha.toFixed(3))).toEqual(['0.743', '0.815']);
});

test('a person and a judge who answer everything', () => {
  expect(pairedAlpha('nominal')(confusion(three))).toBeCloseTo(485 / 828, 12);
  expect(pairedAlpha('ordinal')(confusion(three))).toBeCloseTo(19_931 / 28_800, 12);
  expect(pairedAlpha('nominal')(confusion(thirty))).toBeCloseTo(841 / 1431, 12);
  expect(pairedAlpha('ordinal')(confusion(thirty))).toBeCloseTo(1_812_179 / 2_067_000, 12);
});

describe('where alpha has no meaning it is null', () => {
  test.each<[string, readonly Answers[]]>([
    ['no units', []],
    [
      'no unit with two answers',
      [
        [0, null],
        [null, 1],
        [null, null],
      ],
    ],
    [
      'all answers are the same',
      [
        [2, 2, 2],
        [2, 2],
      ],
    ],
  ])('%s', (_, units) => {
    expect([krippendorffAlpha(units, 5, 'nominal'), krippendorffAlpha(units, 5, 'ordinal')]).toEqual([null, null]);
  });
});

describe('laws', () => {
  const answer = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null });
  const units = fc.array(fc.array(answer, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 30 });
  const both = (list: readonly Answers[]): readonly (number | null)[] => [
    krippendorffAlpha(list, 5, 'nominal'),
    krippendorffAlpha(list, 5, 'ordinal'),
  ];

  test('no digit depends on the order of units or of raters, or on units with one answer', () =>
    fc.assert(
      fc.property(units, (list) => {
        const turned = list.toReversed().map((unit) => unit.toReversed());
        expect(both([...turned, [3, null, null]])).toEqual(both(list));
      }),
    ));

  test('complete agreement on several labels is 1', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 2 }), (labels) => {
        expect(both(labels.map((label) => [label, label, null, label]))).toEqual([1, 1]);
      }),
    ));

  test('of two raters it is what their matrix gives', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 6 }), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
        (rows) => {
          const list = ratingsOf(rows).map(({ human, judge }) => [human, judge]);
          expect(krippendorffAlpha(list, 3, 'nominal')).toEqual(pairedAlpha('nominal')(confusion(rows)));
          expect(krippendorffAlpha(list, 3, 'ordinal')).toEqual(pairedAlpha('ordinal')(confusion(rows)));
        },
      ),
    ));

  test("of two raters it is Scott's pi, raised by its share of disagreement over all answers", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })), { minLength: 1, maxLength: 40 }),
        (pairs) => {
          const share = (label: number): number =>
            pairs.flat().filter((given) => given === label).length / (2 * pairs.length);
          const chance = [0, 1, 2].reduce((sum, label) => sum + share(label) ** 2, 0);
          const agreed = pairs.filter(([one, other]) => one === other).length / pairs.length;
          const alpha = krippendorffAlpha(pairs, 3, 'nominal');
          fc.pre(chance < 1);
          const pi = (agreed - chance) / (1 - chance);
          expect(alpha).toBeCloseTo(pi + (1 - pi) / (2 * pairs.length), 10);
        },
      ),
    ));

  test('two labels have no order, so ordinal is nominal', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 })), { minLength: 1, maxLength: 40 }),
        (pairs) => {
          const [nominal, ordinal] = both(pairs);
          expect(ordinal === null).toBe(nominal === null);
          expect(ordinal ?? 0).toBeCloseTo(nominal ?? 0, 10);
        },
      ),
    ));
});
