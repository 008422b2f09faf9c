import { expect, test } from 'vitest';
import { chartSince, closedWindow, iso, reportWindow, windowBefore } from '../../src/report/period.ts';

const day = 86_400_000_000;
const since = Date.UTC(2026, 1, 10, 16) * 1000;

test('the window before is as long and ends where the window begins', () => {
  expect(windowBefore({ since, until: since + day, anchor: 'start' })).toEqual({
    since: since - day,
    until: since,
    anchor: 'start',
  });
});

test.each([
  { since: null, until: since, anchor: 'activity' },
  { since, until: null, anchor: 'activity' },
] as const)('a window with an open end has none before: %j', (window) => {
  expect(windowBefore(window)).toBeNull();
});

test('a window without an end ends now, one with an end keeps it', () => {
  expect(closedWindow({ since, until: null, anchor: 'activity' }, since + 5)).toEqual({
    since,
    until: since + 5,
    anchor: 'activity',
  });
  expect(closedWindow({ since, until: since + 1, anchor: 'activity' }, since + 5).until).toBe(since + 1);
});

test('times keep their microseconds', () => {
  expect(iso(since + 7)).toBe('2026-02-10T16:00:00.000007Z');
  expect(reportWindow({ since: null, until: since, anchor: 'activity' }, 'UTC')).toEqual({
    since: null,
    until: '2026-02-10T16:00:00.000000Z',
    zone: 'UTC',
  });
});

test.each([
  ['a day', day, 13],
  ['twenty days', 20 * day, 20],
  ['a year', 365 * day, 91],
])('the trend of %s begins %i days before the last one', (_name, length, days) => {
  const until = Date.UTC(2026, 1, 11) * 1000;
  const from = chartSince({ since: until - length, until, anchor: 'activity' }, 'UTC');
  expect(from).toBe(Date.UTC(2026, 1, length === 20 * day ? 11 - days : 10 - days) * 1000);
});
