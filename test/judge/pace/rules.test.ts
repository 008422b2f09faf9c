import { describe, expect, test } from 'vitest';
import { admission, closedBreaker, failed, worked } from '../../../src/judge/pace/breaker.ts';
import { afterLimit, afterSuccess, afterTrouble, startingConcurrency } from '../../../src/judge/pace/concurrency.ts';
import { askedWait, backoff } from '../../../src/judge/pace/wait.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const headers = (retryAfter: string | null, retryAfterMs: string | null = null) => ({
  retryAfter,
  retryAfterMs,
  shouldRetry: null,
});

describe('Retry-After', () => {
  test.each([
    ['seconds', headers('7'), 7000],
    ['parts of seconds', headers('0.25'), 250],
    ['hours', headers('7999'), 7_999_000],
    ['milliseconds', headers(null, '1500'), 1500],
    ['milliseconds before seconds', headers('2', '1500'), 1500],
    ['a date', headers('Sat, 21 Nov 2026 10:00:30 GMT'), 30_000],
    ['a date of the past', headers('Sat, 21 Nov 2026 09:59:30 GMT'), null],
    ['a negative number', headers('-5'), null],
    ['garbage', headers('soon'), null],
    ['garbage with a number in it', headers('5 minutes'), null],
    ['a number without end', headers('9'.repeat(400)), null],
    ['nothing', headers(null), null],
    ['an empty text', headers(''), null],
    ['garbage in one and seconds in the other', headers('3', 'soon'), 3000],
  ])('as %s', (_form, given, expected) => {
    expect(askedWait(given, now)).toBe(expected);
  });
});

describe('the wait after a failure', () => {
  test.each([
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [7, 60_000],
    [40, 60_000],
  ])('of try %i is anything up to %i ms', (failures, most) => {
    expect(backoff(failures, () => 0)).toBe(0);
    expect(backoff(failures, () => 0.5)).toBe(most / 2);
    expect(backoff(failures, () => 0.999_999_9)).toBe(most);
  });
});

describe('how many at once', () => {
  test('seven tenths after a refusal, once in 15 seconds, and never less than one', () => {
    const cut = afterLimit(startingConcurrency(10), now, 0);
    expect(cut.target).toBe(7);
    expect(afterLimit(cut, now + 14_999, 0).target).toBe(7);
    expect(afterLimit(cut, now + 15_000, 0).target).toBe(4);
    expect(afterLimit(startingConcurrency(1), now, 0).target).toBe(1);
  });

  test('one more after as many successes as may be under way, up to the most', () => {
    let state = afterLimit(startingConcurrency(3), now, 0);
    expect(state.target).toBe(2);
    state = afterSuccess(afterSuccess(state, now + 15_000), now + 15_000);
    expect(state.target).toBe(3);
    state = afterSuccess(afterSuccess(afterSuccess(state, now + 16_000), now + 16_000), now + 16_000);
    expect(state.target).toBe(3);
  });

  test('no growth within 15 seconds after a refusal, or as long as the service asks to wait', () => {
    const cut = afterLimit(startingConcurrency(2), now, 40_000);
    expect(afterSuccess(cut, now + 39_999).target).toBe(1);
    expect(afterSuccess(cut, now + 40_000).target).toBe(2);
  });

  test("trouble of the service's own pauses growth and cuts nothing", () => {
    const state = afterTrouble({ ...startingConcurrency(4), target: 1 }, now);
    expect(state.target).toBe(1);
    expect(afterSuccess(state, now + 14_999).target).toBe(1);
    expect(afterSuccess(state, now + 15_000).target).toBe(2);
  });
});

describe('the breaker', () => {
  const times = (count: number) =>
    Array.from({ length: count }).reduce<typeof closedBreaker>((state) => failed(state, now, false), closedBreaker);

  test('opens at the fifth failure in a row, for two minutes, then lets one probe through', () => {
    expect(admission(times(4), now)).toEqual({ kind: 'go' });
    expect(admission(times(5), now)).toEqual({ kind: 'wait', ms: 120_000 });
    expect(admission(times(5), now + 119_999)).toEqual({ kind: 'wait', ms: 1 });
    expect(admission(times(5), now + 120_000)).toEqual({ kind: 'probe' });
  });

  test('a success in between begins the count anew', () => {
    expect(admission(failed(worked(times(4)), now, false), now)).toEqual({ kind: 'go' });
  });

  test('failures of what was under way when it opened change nothing', () => {
    expect(failed(times(5), now + 1000, false)).toEqual(times(5));
  });

  test('a failed probe opens it again, a good one closes it, and the third opening ends the run', () => {
    const second = failed(times(5), now + 120_000, true);
    expect(admission(second, now + 120_000)).toEqual({ kind: 'wait', ms: 120_000 });
    expect(admission(worked(second), now + 120_000)).toEqual({ kind: 'go' });
    expect(admission(failed(second, now + 240_000, true), now + 240_000)).toEqual({ kind: 'end' });
  });
});
