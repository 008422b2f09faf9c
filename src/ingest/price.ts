import type { Micros, TokenCounts, UsageGrain } from '../core/event.ts';
import { ratesOf, type RateStep } from './rates.ts';

export interface PricedUsage extends TokenCounts {
  readonly model: string | null;
  readonly speed: string | null;
  readonly grain: UsageGrain;
  readonly responses: number | null;
}

/** Fast mode multiplies the list price (formats.md 9.4); the bundled list matches by prefix and would give the base price. */
const fastFactors: readonly (readonly [RegExp, number])[] = [
  [/opus-4[-.][67]/, 6],
  [/opus-4[-.]8/, 2],
];

/**
 * List-price equivalent of a usage event in millionths of a US dollar; null when the price is unknown, never 0 for that, and when
 * only the output is known. Priced per response, because tiers by context size apply to one request (formats.md 9.2): a sum of
 * responses is priced at the average of its responses, or at the lowest tier when it does not say how many they were.
 */
export function costUsdMicros(usage: PricedUsage, providers: readonly string[], ts: Micros | null): number | null {
  const { model } = usage;
  if (model === null || usage.grain === 'output' || nothingCounted(usage)) return null;
  const factor = usage.speed === 'fast' ? fastFactor(model) : 1;
  if (factor === null) return null;
  const steps = ratesOf(model, providers, ts);
  if (steps === null) return null;
  const micros = priced(usage, steps);
  return micros === null ? null : Math.round(micros * factor);
}

function nothingCounted(usage: TokenCounts): boolean {
  return (
    usage.inputTokens === null &&
    usage.outputTokens === null &&
    usage.cacheReadTokens === null &&
    usage.cacheWrite5mTokens === null &&
    usage.cacheWrite1hTokens === null
  );
}

function fastFactor(model: string): number | null {
  return fastFactors.find(([pattern]) => pattern.test(model))?.[1] ?? null;
}

/** Small enough that no context of a real request is below the lowest tier. */
const SUM_OF_UNKNOWN_LENGTH = 1_000_000;

/** Null when a counter is below zero. */
function priced(usage: PricedUsage, steps: readonly RateStep[]): number | null {
  const input = usage.inputTokens ?? 0;
  const output = usage.outputTokens ?? 0;
  const read = usage.cacheReadTokens ?? 0;
  const write = usage.cacheWrite5mTokens ?? 0;
  const write1h = usage.cacheWrite1hTokens ?? 0;
  const requests = usage.grain === 'response' ? 1 : Math.max(1, usage.responses ?? SUM_OF_UNKNOWN_LENGTH);
  const context = (input + read + write + write1h) / requests;
  const rates = steps.findLast(({ above }) => context > above)?.rates;
  if (rates === undefined || Math.min(input, output, read, write, write1h) < 0) return null;
  return (
    input * rates.input +
    output * rates.output +
    read * rates.cacheRead +
    write * rates.cacheWrite +
    write1h * rates.cacheWrite1h
  );
}
