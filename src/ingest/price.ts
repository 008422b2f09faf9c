import fs from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import { asObject, asText, type Json } from '../core/json.ts';
import type { Micros, TokenCounts, UsageGrain } from '../core/event.ts';

/** Where list prices come from; part of the derivation, so that new prices re-derive every cost. */
export const priceSource = `genai-prices ${packageVersion()}`;

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
  const micros = fromRates(usage, model, providers, ts) ?? fromTiers(usage, model, providers, ts);
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

/** The names under which a model may be listed, best first (formats.md 9.3). */
function listedNames(model: string, providers: readonly string[]): readonly (readonly [string | undefined, string])[] {
  const bare = bareModelName(model);
  return [
    ...providers.map((provider) => [provider, model] as const),
    ...providers.map((provider) => [provider, bare] as const),
    [undefined, bare] as const,
  ];
}

const prefixes =
  /^(?:(?:anthropic|openai|google|models|copilot|vertex_ai|openrouter|bedrock)\/|(?:us|eu|apac|global)\.|anthropic\.)+/;
const suffixes = /(?:-v\d+:\d+|@\d{8}|@default|\[1m\]|:thinking|-latest)+$/;

function bareModelName(model: string): string {
  const own = model.startsWith('custom:') ? ownEntry(model) : model;
  return own.replace(prefixes, '').replace(suffixes, '');
}

/** Droid's name for a model of the person's own settings: `custom:Claude-Opus-4.5-[Anthropic]-0` (formats.md 8.6). */
function ownEntry(model: string): string {
  return model
    .slice('custom:'.length)
    .replaceAll(/-?\[[^[\]]*\](?:-\d+)?/g, '')
    .toLowerCase();
}

interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly cacheWrite1h: number | null;
}

/** Micro-dollars per token are dollars per million tokens: flat rates need no call into the list for each response (32 us each). */
function fromRates(usage: TokenCounts, model: string, providers: readonly string[], ts: Micros | null): number | null {
  const rates = ratesOf(model, providers, ts);
  if (rates === null) return null;
  const parts: readonly (readonly [number | null, number | null])[] = [
    [usage.inputTokens, rates.input],
    [usage.outputTokens, rates.output],
    [usage.cacheReadTokens, rates.cacheRead],
    [usage.cacheWrite5mTokens, rates.cacheWrite],
    [usage.cacheWrite1hTokens, rates.cacheWrite1h],
  ];
  let micros = 0;
  for (const [tokens, rate] of parts) {
    if (tokens === null || tokens === 0) continue;
    if (rate === null) return null;
    micros += tokens * rate;
  }
  return micros;
}

const DAY_MICROS = 86_400_000_000;
const ratesByModelAndDay = new Map<string, Rates | null>();

function ratesOf(model: string, providers: readonly string[], ts: Micros | null): Rates | null {
  const key = `${ts === null ? '' : Math.floor(ts / DAY_MICROS)}|${providers.join()}|${model}`;
  const known = ratesByModelAndDay.get(key);
  if (known !== undefined) return known;
  const price = priceOf({ input_tokens: 1, output_tokens: 1 }, model, providers, ts);
  const rates = price === null ? null : flatRates(price.model_price);
  ratesByModelAndDay.set(key, rates);
  return rates;
}

/** Null when a rate is tiered: then the list itself decides, response by response. */
function flatRates(price: NonNullable<ReturnType<typeof calcPrice>>['model_price']): Rates | null {
  const rates = {
    input: price['input_mtok'],
    output: price['output_mtok'],
    cacheRead: price['cache_read_mtok'] ?? null,
    cacheWrite: price['cache_write_mtok'] ?? null,
    cacheWrite1h: price['cache_write_1h_mtok'] ?? null,
  };
  const { input, output, cacheRead, cacheWrite, cacheWrite1h } = rates;
  const plain = (rate: typeof input | null): rate is number | null => rate === null || typeof rate === 'number';
  if (typeof input !== 'number' || typeof output !== 'number') return null;
  if (!plain(cacheRead) || !plain(cacheWrite) || !plain(cacheWrite1h)) return null;
  return { input, output, cacheRead, cacheWrite, cacheWrite1h };
}

/** Small enough that no context of a real request is below the lowest tier. */
const SUM_OF_UNKNOWN_LENGTH = 1_000_000;

function fromTiers(usage: PricedUsage, model: string, providers: readonly string[], ts: Micros | null): number | null {
  if (usage.grain === 'response') return fromList(usage, model, providers, ts);
  const responses = Math.max(1, usage.responses ?? SUM_OF_UNKNOWN_LENGTH);
  const share = (tokens: number | null): number | null => (tokens === null ? null : tokens / responses);
  const average: TokenCounts = {
    inputTokens: share(usage.inputTokens),
    outputTokens: share(usage.outputTokens),
    cacheReadTokens: share(usage.cacheReadTokens),
    cacheWrite5mTokens: share(usage.cacheWrite5mTokens),
    cacheWrite1hTokens: share(usage.cacheWrite1hTokens),
    reasoningTokens: null,
  };
  const micros = fromList(average, model, providers, ts);
  return micros === null ? null : micros * responses;
}

function fromList(usage: TokenCounts, model: string, providers: readonly string[], ts: Micros | null): number | null {
  const cacheRead = usage.cacheReadTokens ?? 0;
  const cacheWrite1h = usage.cacheWrite1hTokens ?? 0;
  const cacheWrite = (usage.cacheWrite5mTokens ?? 0) + cacheWrite1h;
  const price = priceOf(
    {
      // The list wants the whole prompt here, cache included.
      input_tokens: (usage.inputTokens ?? 0) + cacheRead + cacheWrite,
      cache_read_tokens: cacheRead,
      cache_write_tokens: cacheWrite,
      cache_write_1h_tokens: cacheWrite1h,
      output_tokens: usage.outputTokens ?? 0,
    },
    model,
    providers,
    ts,
  );
  return price === null ? null : price.total_price * 1_000_000;
}

function priceOf(
  tokens: Parameters<typeof calcPrice>[0],
  model: string,
  providers: readonly string[],
  ts: Micros | null,
): ReturnType<typeof calcPrice> {
  const when = ts === null ? {} : { timestamp: new Date(ts / 1000) };
  for (const [provider, name] of listedNames(model, providers)) {
    try {
      const price = calcPrice(tokens, name, provider === undefined ? when : { ...when, providerId: provider });
      if (price !== null) return price;
    } catch {
      // Counters that contradict each other (more cached than sent): such a response has no price, the run goes on.
      return null;
    }
  }
  return null;
}

function packageVersion(): string {
  const entry = new URL(import.meta.resolve('@pydantic/genai-prices'));
  const manifest: Json = JSON.parse(fs.readFileSync(new URL('../package.json', entry), 'utf8'));
  return asText(asObject(manifest)?.['version']) ?? 'unknown';
}
