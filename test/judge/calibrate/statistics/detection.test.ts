import { describe, expect, test } from 'vitest';
import { falsePositiveRate, precision, recall } from '../../../../src/judge/calibrate/statistics/detection.ts';
import { confusion, thirty } from './matrices.ts';

/** Scores 4 and 5. */
const four = [false, false, false, true, true];

describe('success at a score of 4 or more', () => {
  test('false positives are counted among what people call no success: 2 of 17', () =>
    expect(falsePositiveRate(four)(confusion(thirty))).toBe(2 / 17));

  test("precision is counted among the judge's successes: 12 of 14", () =>
    expect(precision(four)(confusion(thirty))).toBe(12 / 14));

  test("recall is counted among people's successes: 12 of 13", () =>
    expect(recall(four)(confusion(thirty))).toBe(12 / 13));
});

test('the threshold moves all three', () => {
  const onlyFive = [false, false, false, false, true];
  const matrix = confusion(thirty);
  expect([falsePositiveRate(onlyFive)(matrix), precision(onlyFive)(matrix), recall(onlyFive)(matrix)]).toEqual([
    2 / 24,
    4 / 6,
    4 / 6,
  ]);
});

describe('a share of nothing is null', () => {
  const matrix = confusion([
    [0, 0],
    [0, 9],
  ]);
  test('no item without success', () => expect(falsePositiveRate([false, true])(matrix)).toBeNull());
  test('no success of the judge', () => expect(precision([true, false])(matrix)).toBeNull());
  test('no success of people', () => expect(recall([true, false])(matrix)).toBeNull());
});
