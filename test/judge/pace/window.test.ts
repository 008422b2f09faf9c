import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { correct, emptyWindow, reserve, waitFor, WINDOW_MS } from '../../../src/judge/pace/window.ts';

const filled = (limit: number | null, ...entries: readonly (readonly [atMs: number, amount: number])[]) =>
  entries.reduce((window, [atMs, amount], id) => reserve(window, { id, atMs, amount }), emptyWindow(limit));

test('what fits may go at once', () => {
  expect(waitFor(filled(10, [0, 4], [5, 5]), 1, 10)).toBe(0);
});

test('what does not fit waits until enough of the last minute has passed', () => {
  const window = filled(10, [0, 4], [5000, 5]);
  expect(waitFor(window, 2, 10_000)).toBe(WINDOW_MS - 10_000);
  expect(waitFor(window, 6, 10_000)).toBe(WINDOW_MS - 5000);
});

test('more than the limit itself waits for an empty window, and then goes', () => {
  expect(waitFor(filled(10, [0, 1]), 50, 0)).toBe(WINDOW_MS);
  expect(waitFor(filled(10, [0, 1]), 50, WINDOW_MS)).toBe(0);
});

test('no limit is no wait', () => {
  expect(waitFor(filled(null, [0, 1e9]), 1e9, 0)).toBe(0);
});

test('what was really used takes the place of what was expected', () => {
  const window = filled(10, [0, 9]);
  expect(waitFor(window, 5, 0)).toBe(WINDOW_MS);
  expect(waitFor(correct(window, 0, 3), 5, 0)).toBe(0);
  expect(waitFor(correct(window, 0, 12), 1, 0)).toBe(WINDOW_MS);
});

test('whoever waits as told never puts more than the limit into any minute', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 40 });
  const pauses = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(amounts, pauses, fc.integer({ min: 10, max: 40 }), (wanted, rests, limit) => {
      let window = emptyWindow(limit);
      let now = 0;
      const sent: { readonly at: number; readonly amount: number }[] = [];
      for (const [id, amount] of wanted.entries()) {
        now += rests[id] ?? 0;
        now += waitFor(window, amount, now);
        window = reserve(window, { id, atMs: now, amount });
        sent.push({ at: now, amount });
      }
      for (const { at } of sent) {
        const inMinute = sent.filter((other) => other.at >= at && other.at < at + 60_000);
        expect(inMinute.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(limit);
      }
    }),
  );
});
