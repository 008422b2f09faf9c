import * as fc from 'fast-check';
import { calcPrice } from '@pydantic/genai-prices';
import { describe, expect, test } from 'vitest';
import { costUsdMicros, type PricedUsage } from '../../src/ingest/price.ts';

const usage = (part: Partial<PricedUsage>): PricedUsage => ({
  model: 'claude-opus-4-6',
  speed: null,
  grain: 'response',
  responses: 1,
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  reasoningTokens: null,
  ...part,
});
const ts = Date.parse('2026-03-02T10:00:00Z') * 1000;
const cost = (part: Partial<PricedUsage>): number | null => costUsdMicros(usage(part), ['anthropic'], ts);

describe('costUsdMicros', () => {
  // List prices of claude-opus-4-6 in dollars per million: input 5, output 25, read 0.5, write 6.25 (5 minutes) and 10 (1 hour).
  test.each([
    [{ inputTokens: 100_000 }, 500_000],
    [{ inputTokens: 1_000_000 }, 10_000_000], // above 200,000 the price of the higher tier

    [{ outputTokens: 1_000_000 }, 25_000_000],
    [{ cacheReadTokens: 100_000 }, 50_000],
    [{ cacheWrite5mTokens: 1000 }, 6250],
    [{ cacheWrite1hTokens: 1000 }, 10_000],
    [
      { inputTokens: 10, outputTokens: 20, cacheReadTokens: 1000, cacheWrite5mTokens: 100, cacheWrite1hTokens: 10 },
      1775,
    ],
    [{ inputTokens: 0, outputTokens: 0 }, 0],
  ])('%j costs %d millionths of a dollar', (part, micros) => expect(cost(part)).toBe(micros));

  test.each([
    ['a model that the list does not know', { model: 'secret-model-9', inputTokens: 5 }],
    ['no model', { model: null, inputTokens: 5 }],
    ['the placeholder of failed requests', { model: '<synthetic>', inputTokens: 0 }],
    ['no counters at all', {}],
    ['fast mode whose factor is not known', { model: 'claude-haiku-4-5', speed: 'fast', inputTokens: 5 }],
  ])('is unknown, never 0, for %s', (_title, part) => expect(cost(part)).toBeNull());

  test('multiplies the list price in fast mode', () => {
    expect(cost({ inputTokens: 1000, speed: 'fast' })).toBe(30_000);
    expect(cost({ model: 'claude-opus-4-8', inputTokens: 1000, speed: 'fast' })).toBe(10_000);
  });

  test.each([
    'anthropic/claude-opus-4.6',
    'us.anthropic.claude-opus-4-6-v1:0',
    'claude-opus-4-6[1m]',
    'claude-opus-4-6@20260205',
  ])('finds the list price of %s', (model) =>
    expect(cost({ model, outputTokens: 1000 })).toBeGreaterThanOrEqual(25_000),
  );

  test('is what the list says for the whole request, tiers by context size included', () => {
    const tokens = fc.nat({ max: 400_000 });
    const models = fc.constantFrom(
      'claude-opus-4-6',
      'claude-sonnet-4-5-20250929',
      'claude-haiku-4-5-20251001',
      'gemini-3-pro-preview',
    );
    fc.assert(
      fc.property(models, tokens, tokens, tokens, tokens, tokens, (model, input, output, read, write5m, write1h) => {
        const listed = calcPrice(
          {
            input_tokens: input + read + write5m + write1h,
            output_tokens: output,
            cache_read_tokens: read,
            cache_write_tokens: write5m + write1h,
            cache_write_1h_tokens: write1h,
          },
          model,
          { timestamp: new Date(ts / 1000) },
        );
        const ours = costUsdMicros(
          usage({
            model,
            inputTokens: input,
            outputTokens: output,
            cacheReadTokens: read,
            cacheWrite5mTokens: write5m,
            cacheWrite1hTokens: write1h,
          }),
          [],
          ts,
        );
        expect(Math.abs(Number(ours) - (listed?.total_price ?? Number.NaN) * 1_000_000)).toBeLessThanOrEqual(0.51);
      }),
      { numRuns: 200 },
    );
  });
});

test('a price that changes within a day is that of the hour, whatever was priced before', () => {
  const at = (time: string): number | null =>
    costUsdMicros(
      usage({ model: 'deepseek-chat-v3-0324', inputTokens: 1_000_000 }),
      ['deepseek'],
      Date.parse(`2025-06-02T${time}Z`) * 1000,
    );
  const day = at('12:00:00');
  expect(at('20:00:00')).toBe((day ?? 0) / 2);
  expect(at('00:29:59')).toBe((day ?? 0) / 2);
  expect(at('00:30:00')).toBe(day);
  expect(at('16:30:00')).toBe((day ?? 0) / 2);
});

test('a tier begins above its number of tokens', () => {
  const sonnet = (inputTokens: number): number | null =>
    costUsdMicros(usage({ model: 'claude-sonnet-4-5-20250929', inputTokens }), ['anthropic'], ts);
  expect([sonnet(200_000), sonnet(200_001)]).toEqual([600_000, 1_200_006]);
});

test('a counter below zero has no price', () => {
  expect(cost({ inputTokens: -5, outputTokens: 1000 })).toBeNull();
});

test("a model of the person's own settings is listed under the name that its maker gave it", () => {
  const counted = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
  const own = costUsdMicros(usage({ ...counted, model: 'custom:Claude-Opus-4.5-[Anthropic]-0' }), ['anthropic'], null);
  expect(own).toBe(costUsdMicros(usage({ ...counted, model: 'claude-opus-4.5' }), ['anthropic'], null));
  expect(own).toBeGreaterThan(0);
});

test('a sum of responses is priced at their average context, at the lowest tier when their number is not known', () => {
  const tiered = { model: 'gemini-2.5-pro', grain: 'process', inputTokens: 1_000_000, outputTokens: 10_000 } as const;
  const cost = (responses: number | null): number | null =>
    costUsdMicros(usage({ ...tiered, responses }), ['google'], null);
  const one = costUsdMicros(
    usage({ model: 'gemini-2.5-pro', inputTokens: 100_000, outputTokens: 1000 }),
    ['google'],
    null,
  );
  expect(cost(10)).toBe((one ?? 0) * 10);
  expect(cost(null)).toBe((one ?? 0) * 10);
  expect(cost(1)).toBeGreaterThan(cost(10) ?? 0);
});

test('a response whose output alone is known has no price', () => {
  expect(costUsdMicros(usage({ grain: 'output', outputTokens: 1000 }), ['anthropic'], null)).toBeNull();
});
