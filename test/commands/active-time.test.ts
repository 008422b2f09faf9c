import { expect, test } from 'vitest';
import { activeTime, activeTimeText, bucketsOf, histogram } from '../../src/commands/active-time.ts';

test('half and nine in ten are values that occurred', () => {
  expect(activeTime([30, 10, 20])).toEqual({ sessions: 3, median_s: 20, p90_s: 30, longest_s: 30 });
  expect(activeTime([4, 3, 2, 1])).toEqual({ sessions: 4, median_s: 2, p90_s: 4, longest_s: 4 });
  expect(activeTime([])).toEqual({ sessions: 0, median_s: null, p90_s: null, longest_s: null });
});

test('a session belongs to the bucket at whose beginning it lies', () => {
  expect(bucketsOf([0, 59.9, 60, 299, 300, 900, 3600, 14_400, 999_999])).toEqual([
    { from_s: 0, to_s: 60, sessions: 2 },
    { from_s: 60, to_s: 300, sessions: 2 },
    { from_s: 300, to_s: 900, sessions: 1 },
    { from_s: 900, to_s: 3600, sessions: 1 },
    { from_s: 3600, to_s: 14_400, sessions: 1 },
    { from_s: 14_400, to_s: null, sessions: 2 },
  ]);
});

test('the longest bar has thirty characters, a single session still one, none is no bar', () => {
  const buckets = [
    { from_s: 0, to_s: 60, sessions: 100 },
    { from_s: 60, to_s: 3600, sessions: 1 },
    { from_s: 3600, to_s: null, sessions: 0 },
  ];
  expect(histogram(buckets)).toEqual([
    `  below 1 min   ${'#'.repeat(30)} 100`,
    '  1 min to 1 h  # 1',
    '  1 h and more  0',
  ]);
});

test('the words say so when there is no session', () => {
  expect(activeTimeText(activeTime([]))).toBe('No session in this time.');
  expect(activeTimeText(activeTime([60, 90, 7500]))).toBe(
    '3 sessions: half up to 1 min 30 s, nine in ten up to 2 h 05 min, longest 2 h 05 min',
  );
});
