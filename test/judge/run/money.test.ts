import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, estimate, priceOf, reservation, type Caps, type PriceEntry } from '../../../src/judge/money.ts';
import { testPrice } from '../helpers/judging.ts';

const nowMs = Date.parse('2026-11-21T10:00:00Z');
const entry: PriceEntry = {
  model: 'm',
  fromMs: Date.parse('2026-01-01'),
  inputUsdPerMillion: 2,
  outputUsdPerMillion: 10,
  cacheReadUsdPerMillion: null,
  cacheWriteUsdPerMillion: null,
  batchFactor: 0.5,
};
const tokens = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 400, cacheWriteTokens: 40 };
const asked = { provider: 'anthropic', model: 'm', isLocal: false, table: [entry], nowMs } as const;

describe('the price', () => {
  test("of the person's own table counts, cache reads as input and cache writes a quarter more", () => {
    // 1,000 x 2 + 100 x 10 + 400 x 2 + 40 x 2.5 millionths.
    expect(priceOf(asked)?.costUsdMicros(tokens)).toBe(2000 + 1000 + 800 + 100);
    const exact = { ...entry, cacheReadUsdPerMillion: 0.2, cacheWriteUsdPerMillion: 4 };
    expect(priceOf({ ...asked, table: [exact] })?.costUsdMicros(tokens)).toBe(2000 + 1000 + 80 + 160);
  });

  test('is the newest that has begun', () => {
    const later = { ...entry, fromMs: Date.parse('2026-11-01'), inputUsdPerMillion: 4 };
    const future = { ...entry, fromMs: Date.parse('2026-12-01'), inputUsdPerMillion: 8 };
    const one = { ...tokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
    for (const table of [
      [entry, later, future],
      [future, later, entry],
    ]) {
      expect(priceOf({ ...asked, table })?.costUsdMicros(one)).toBe(4000);
    }
    expect(priceOf({ ...asked, table: [future] })).toBeNull();
  });

  test('of the bundled list is that of its provider', () => {
    // Listed at 1 dollar in and 5 out per million.
    const listed = priceOf({ ...asked, model: 'claude-haiku-4-5', table: [] });
    const plain = { ...tokens, cacheReadTokens: 0, cacheWriteTokens: 0 };
    expect([listed?.costUsdMicros(plain), listed?.batchFactor]).toEqual([1500, 0.5]);
    expect(priceOf({ ...asked, provider: 'openai', model: 'claude-haiku-4-5', table: [] })).toBeNull();
    expect(priceOf({ ...asked, model: 'unheard-of', table: [] })).toBeNull();
    expect(priceOf({ ...asked, provider: 'openai-compatible', model: 'gpt-5.2', table: [] })).toBeNull();
  });

  test('of a server on this machine is nothing, unless the table says otherwise', () => {
    const local = { ...asked, provider: 'openai-compatible', isLocal: true } as const;
    expect(priceOf({ ...local, table: [] })?.costUsdMicros(tokens)).toBe(0);
    expect(priceOf(local)?.costUsdMicros(tokens)).toBe(3900);
  });
});

test('a reservation is the input with a margin, and all of the output that may come', () => {
  expect(reservation(testPrice, 1000, 500)).toBe(1150 + 1000);
  expect(reservation(testPrice, 1, 1)).toBe(2 + 2);
});

test('an estimate expects a usual answer, and at worst a repair of the greatest length', () => {
  expect(estimate(testPrice, 1000, 4000)).toEqual({
    expectedUsdMicros: 1000 + 1400,
    worstUsdMicros: 1150 + 8000 + (5750 + 8000),
  });
  expect(estimate(testPrice, 1000, 100).expectedUsdMicros).toBe(1200);
});

describe('the budget', () => {
  const none: Caps = { runUsdMicros: null, monthUsdMicros: null, calls: null, questions: null };

  test('names the cap that forbids a question', () => {
    expect(new Budget(none, 1e9).reserve(1e9, true)).toBeNull();
    expect(new Budget({ ...none, runUsdMicros: 99 }, 0).reserve(100, true)).toBe('--max-usd');
    expect(new Budget({ ...none, runUsdMicros: 100 }, 0).reserve(100, true)).toBeNull();
    expect(new Budget({ ...none, monthUsdMicros: 150 }, 51).reserve(100, true)).toBe('monthly_usd');
    expect(new Budget({ ...none, calls: 0 }, 0).reserve(1, true)).toBe('--max-calls');
    expect(new Budget({ ...none, questions: 0 }, 0).reserve(1, true)).toBe('sessions_per_day');
    expect(new Budget({ ...none, questions: 0 }, 0).reserve(1, false)).toBeNull();
  });

  test('is never exceeded as long as no answer costs more than was set aside for it', () => {
    const question = fc.record({
      reserved: fc.integer({ min: 1, max: 50 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(question, { maxLength: 40 }), fc.integer({ min: 1, max: 200 }), (questions, cap) => {
        const budget = new Budget({ ...none, runUsdMicros: cap }, 0);
        const underWay: { readonly reserved: number; readonly cost: number }[] = [];
        for (const { reserved, share } of questions) {
          if (budget.reserve(reserved, true) === null) underWay.push({ reserved, cost: Math.floor(reserved * share) });
          const first = underWay.length > 2 ? underWay.shift() : undefined;
          if (first !== undefined) budget.settle(first.reserved, first.cost);
        }
        for (const { reserved, cost } of underWay) budget.settle(reserved, cost);
        expect(budget.spentUsdMicros).toBeLessThanOrEqual(cap);
      }),
    );
  });
});
