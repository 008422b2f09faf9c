import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  bias,
  nominalKappa,
  quadraticKappa,
  withinOne,
} from '../../../../src/judge/calibrate/statistics/agreement.ts';
import { confusionOf, type Rating } from '../../../../src/judge/calibrate/statistics/confusion.ts';
import { scoreScale } from '../../../../src/judge/calibrate/statistics/scale.ts';
import { confusion, thirty, three, type Rows } from './matrices.ts';

const five = [1, 2, 3, 4, 5];

describe('figures of matrices that were computed by hand as fractions', () => {
  test.each<[string, Rows, number, number, number]>([
    [
      'two raters of fifty applications, the usual example',
      [
        [20, 5],
        [10, 15],
      ],
      7 / 10,
      2 / 5,
      2 / 5,
    ],
    ['three labels', three, 18 / 25, 241 / 416, 11 / 16],
    ['scores', thirty, 2 / 3, 104 / 179, 296 / 335],
    [
      'opposite answers',
      [
        [0, 0, 5],
        [0, 0, 0],
        [5, 0, 0],
      ],
      0,
      -1,
      -1,
    ],
    [
      'answers that do not depend on each other',
      [
        [4, 4],
        [4, 4],
      ],
      1 / 2,
      0,
      0,
    ],
  ])('%s', (_, rows, agreed, kappa, quadratic) => {
    const matrix = confusion(rows);
    const values = five.slice(0, rows.length);
    expect(accuracy(matrix)).toBeCloseTo(agreed, 12);
    expect(nominalKappa(matrix)).toBeCloseTo(kappa, 12);
    expect(quadraticKappa(values)(matrix)).toBeCloseTo(quadratic, 12);
  });

  test('within one point counts neighbours, bias is above zero for a kind judge', () => {
    expect(withinOne(five)(confusion(thirty))).toBeCloseTo(29 / 30, 12);
    expect(bias(five)(confusion(thirty))).toBeCloseTo(1 / 30, 12);
    expect(
      bias([1, 2])(
        confusion([
          [0, 3],
          [0, 1],
        ]),
      ),
    ).toBe(0.75);
  });
});

describe('where kappa has no meaning', () => {
  test.each<[string, Rows]>([
    [
      'both raters give one label only',
      [
        [7, 0],
        [0, 0],
      ],
    ],
    [
      'there are no items',
      [
        [0, 0],
        [0, 0],
      ],
    ],
    ['there are no labels', []],
  ])('it is null, not 1 and not NaN: %s', (_, rows) => {
    expect([nominalKappa(confusion(rows)), quadraticKappa(five)(confusion(rows))]).toEqual([null, null]);
  });

  test('it is 0 when one rater gives one label only and the other does not', () =>
    expect(
      nominalKappa(
        confusion([
          [3, 0],
          [4, 0],
        ]),
      ),
    ).toBe(0));

  test('agreement, within one and bias of no items are null', () => {
    const nothing = confusion([
      [0, 0],
      [0, 0],
    ]);
    expect([accuracy(nothing), withinOne(five)(nothing), bias(five)(nothing)]).toEqual([null, null, null]);
  });
});

describe('laws', () => {
  const place = fc.integer({ min: 0, max: 4 });
  const rating = fc.record({ unit: fc.constant(''), human: place, judge: place });
  const some = fc.array(rating, { minLength: 1, maxLength: 60 });
  const kappas = (ratings: readonly Rating[]): readonly (number | null)[] =>
    [nominalKappa, quadraticKappa(five)].map((figure) => figure(confusionOf(ratings, scoreScale)));

  test('the kappa of identical answers is 1, or null when they are all the same', () =>
    fc.assert(
      fc.property(some, (ratings) => {
        const same = ratings.map((one) => ({ ...one, judge: one.human }));
        const expected = new Set(same.map(({ human }) => human)).size === 1 ? null : 1;
        expect(kappas(same)).toEqual([expected, expected]);
      }),
    ));

  test('kappa does not depend on the order of items or on who is who', () =>
    fc.assert(
      fc.property(some, (ratings) => {
        const swapped = ratings.map(({ unit, human, judge }) => ({ unit, human: judge, judge: human }));
        expect(kappas(ratings.toReversed())).toEqual(kappas(ratings));
        expect(kappas(swapped)).toEqual(kappas(ratings));
      }),
    ));

  test('kappa lies between -1 and 1', () =>
    fc.assert(
      fc.property(some, (ratings) => {
        expect(kappas(ratings).filter((kappa) => kappa !== null && Math.abs(kappa) > 1 + 1e-12)).toEqual([]);
      }),
    ));

  test('the distance between two labels counts, not how they are numbered', () =>
    fc.assert(
      fc.property(some, (ratings) => {
        const matrix = confusionOf(ratings, scoreScale);
        const shifted = quadraticKappa(five.map((value) => value * 10 - 30))(matrix);
        const plain = quadraticKappa(five)(matrix);
        expect(shifted === null).toBe(plain === null);
        expect(shifted ?? 0).toBeCloseTo(plain ?? 0, 12);
      }),
    ));
});
