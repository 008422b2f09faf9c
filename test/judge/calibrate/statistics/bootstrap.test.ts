import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  nominalKappa,
  quadraticKappa,
  withinOne,
} from '../../../../src/judge/calibrate/statistics/agreement.ts';
import { intervalsOf } from '../../../../src/judge/calibrate/statistics/bootstrap.ts';
import { confusionOf } from '../../../../src/judge/calibrate/statistics/confusion.ts';
import { seededDraw } from '../../../../src/judge/calibrate/statistics/random.ts';
import { scaleOf, scoreScale } from '../../../../src/judge/calibrate/statistics/scale.ts';
import { ratingsOf, thirty } from './matrices.ts';

const five = [1, 2, 3, 4, 5];
const usual = { seed: 1, draws: 2000 };
const yesNo = scaleOf(['0', '1']);

describe('draws', () => {
  // Written anew in Python from the description of sfc32.
  test.each([
    [1, [7, 2, 8, 6, 0, 6, 0, 0, 6, 0]],
    [2 ** 40 + 7, [0, 9, 6, 8, 1, 1, 6, 3, 6, 8]],
  ])('of seed %d are the same everywhere', (seed, expected) => {
    const draw = seededDraw(seed);
    expect(expected.map(() => draw(10))).toEqual(expected);
  });

  test('lie below their bound and reach every number below it', () => {
    const draw = seededDraw(3);
    const drawn = new Set(Array.from({ length: 500 }, () => draw(7)));
    expect([...drawn].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('intervals', () => {
  test('are those of an independent computation with fractions', () => {
    const figures = [quadraticKappa(five), accuracy, withinOne(five)];
    const [kappa, agreed, near] = intervalsOf(ratingsOf(thirty), scoreScale, figures, usual);
    expect(kappa?.low).toBeCloseTo(0.7592246997621304, 12);
    expect(kappa?.high).toBeCloseTo(0.9511938344697389, 12);
    expect([agreed?.low, agreed?.high]).toEqual([0.5, 25 / 30]);
    expect([near?.low, near?.high]).toEqual([0.9, 1]);
  });

  test('draw whole units: steps of one session are not independent', () => {
    const cells = [[0, 0, 0], [3, 3, 3], [1, 1], [0, 0, 3, 1], [2]];
    const rate = (cell: number, unit: string) => ({ unit, human: Math.floor(cell / 2), judge: cell % 2 });
    const together = cells.flatMap((unit, index) => unit.map((cell) => rate(cell, `session ${index}`)));
    const apart = together.map((one, index) => ({ ...one, unit: `step ${index}` }));
    expect(intervalsOf(together, yesNo, [accuracy], usual)).toEqual([{ low: 0.3, high: 0.9375 }]);
    const [alone] = intervalsOf(apart, yesNo, [accuracy], usual);
    expect(alone?.low).toBeCloseTo(6 / 13, 12);
    expect(alone?.high).toBeCloseTo(12 / 13, 12);
  });

  test('narrow as items grow in number', () => {
    const width = (times: number): number => {
      const [interval] = intervalsOf(
        ratingsOf(thirty.map((row) => row.map((count) => count * times))),
        scoreScale,
        [nominalKappa],
        usual,
      );
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    expect(width(4) / width(1)).toBeCloseTo(0.5, 1);
  });

  test('of fewer than two units do not exist', () => {
    const one = { unit: 'a', human: 0, judge: 0 };
    expect(intervalsOf([], yesNo, [accuracy], usual)).toEqual([null]);
    expect(intervalsOf([one, { ...one, judge: 1 }], yesNo, [accuracy], usual)).toEqual([null]);
  });

  test('do not exist for a figure that is undefined in many draws', () => {
    // Without the one differing item, which one draw in three leaves out, both raters give one label only.
    const nearlySame = ratingsOf([
      [9, 0],
      [0, 1],
    ]);
    expect(intervalsOf(nearlySame, yesNo, [nominalKappa, accuracy], usual)).toEqual([null, { low: 1, high: 1 }]);
  });

  test('follow the seed', () => {
    const of = (seed: number) =>
      intervalsOf(ratingsOf(thirty), scoreScale, [quadraticKappa(five)], { seed, draws: 200 });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe('laws', () => {
  const place = fc.integer({ min: 0, max: 4 });
  const some = fc.array(fc.record({ human: place, judge: place }), { minLength: 2, maxLength: 40 });
  const quick = { seed: 5, draws: 200 };

  test('no digit depends on the order of items or the names of units', () =>
    fc.assert(
      fc.property(some, (pairs) => {
        const named = pairs.map((pair, index) => ({ ...pair, unit: `unit ${index}` }));
        const turned = pairs.toReversed().map((pair, index) => ({ ...pair, unit: `other ${index}` }));
        const figures = [accuracy, quadraticKappa(five)];
        expect(intervalsOf(turned, scoreScale, figures, quick)).toEqual(intervalsOf(named, scoreScale, figures, quick));
      }),
    ));

  test('the agreement of all items lies in its interval', () =>
    fc.assert(
      fc.property(some, (pairs) => {
        const ratings = pairs.map((pair, index) => ({ ...pair, unit: `unit ${index}` }));
        const value = accuracy(confusionOf(ratings, scoreScale)) ?? -1;
        const [interval] = intervalsOf(ratings, scoreScale, [accuracy], quick);
        expect(interval?.low).toBeLessThanOrEqual(value + 1e-12);
        expect(interval?.high).toBeGreaterThanOrEqual(value - 1e-12);
      }),
    ));
});
