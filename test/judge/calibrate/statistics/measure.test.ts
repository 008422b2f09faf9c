import { describe, expect, test } from 'vitest';
import { figureNames, measure } from '../../../../src/judge/calibrate/statistics/measure.ts';
import { labelOf, scaleOf, scoreScale } from '../../../../src/judge/calibrate/statistics/scale.ts';
import { ratingsOf } from './matrices.ts';

const four = [false, false, false, true, true];
const bootstrap = { seed: 1, draws: 100 };

describe('every figure', () => {
  test('of no items is null, and so is its interval', () => {
    const figures = measure([], { scale: scoreScale, positive: four, bootstrap });
    expect(figures).toEqual(Object.fromEntries(figureNames.map((name) => [name, { value: null, interval: null }])));
  });

  test('of ratings that are all the same is known only where chance plays no part', () => {
    const same = Array.from({ length: 8 }, (_, index) => ({ unit: `s${index}`, human: 4, judge: 4 }));
    const figures = measure(same, { scale: scoreScale, positive: four, bootstrap });
    const values = Object.fromEntries(figureNames.map((name) => [name, figures[name].value]));
    expect(values).toEqual({
      accuracy: 1,
      kappa: null,
      quadratic_kappa: null,
      within_one: 1,
      bias: 0,
      alpha_nominal: null,
      alpha_ordinal: null,
      false_positives: null,
      precision: 1,
      recall: 1,
      score_sd: 0,
      modal_share: 1,
    });
    expect(figures.kappa.interval).toBeNull();
    expect(figures.accuracy.interval).toEqual({ low: 1, high: 1 });
  });

  test('that needs an order is null for labels in words', () => {
    const figures = measure(
      ratingsOf([
        [3, 1],
        [1, 3],
      ]),
      { scale: scaleOf(['failed', 'passed']), positive: null, bootstrap: null },
    );
    const known = figureNames.filter((name) => figures[name].value !== null);
    expect(known).toEqual(['accuracy', 'kappa', 'alpha_nominal', 'modal_share']);
    expect(figures.kappa).toEqual({ value: 0.5, interval: null });
  });
});

describe('a scale', () => {
  test('of numbers stands in their order', () =>
    expect(scaleOf(['10', '-1', '9', '10', '0.5'])).toEqual({
      labels: ['-1', '0.5', '9', '10'],
      values: [-1, 0.5, 9, 10],
    }));

  test('has no values as soon as one label is a word', () =>
    expect(scaleOf(['1', 'n/a', '0'])).toEqual({ labels: ['0', '1', 'n/a'], values: null }));

  test.each([
    ['1', '1'],
    ['+1', '1'],
    ['1.0', '1'],
    ['-01', '-1'],
    ['', ''],
    ['0x1', '0x1'],
    ['1e3', '1e3'],
    ['Infinity', 'Infinity'],
  ])('reads %j as the label %j', (text, label) => expect(labelOf(text)).toBe(label));
});
