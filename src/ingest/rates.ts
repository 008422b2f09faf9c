import { calcPrice, type ModelInfo, type ModelPrice } from '@pydantic/genai-prices';
import type { Micros } from '../core/event.ts';

/** Dollars per million tokens, which is micro-dollars per token. */
interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
}

/** Rates of requests whose whole context has more tokens than this. */
export interface RateStep {
  readonly above: number;
  readonly rates: Rates;
}

const DAY_MICROS = 86_400_000_000;
/** An event without a time costs what the newest list says, whenever one looks. */
const NEWEST = new Date(8.64e15);

interface Listed {
  readonly provider: string | undefined;
  readonly name: string;
  readonly varies: 'never' | 'by day' | 'within a day';
}

const listedModels = new Map<string, Listed | null>();
const ratesByDay = new Map<string, readonly RateStep[] | null>();

/**
 * What the list asks of a model at a time, by the size of the request, lowest step first; null when it does not know the model, or
 * does not price it by tokens. A call into the list takes 32 us, so it is asked once for each model and day.
 */
export function ratesOf(model: string, providers: readonly string[], ts: Micros | null): readonly RateStep[] | null {
  const asked = `${providers.join()} ${model}`;
  const listed = remembered(listedModels, asked, () => findListed(listedNames(model, providers)));
  if (listed === null) return null;
  const steps = (): readonly RateStep[] | null => {
    const price = ask(listed.provider, listed.name, ts);
    return price === null ? null : stepsOf(price.model_price);
  };
  if (listed.varies === 'within a day') return steps();
  const day = listed.varies === 'never' || ts === null ? '' : Math.floor(ts / DAY_MICROS);
  return remembered(ratesByDay, `${day} ${asked}`, steps);
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

function remembered<Value>(known: Map<string, Value>, key: string, find: () => Value): Value {
  const value = known.get(key);
  if (value !== undefined) return value;
  const found = find();
  known.set(key, found);
  return found;
}

function findListed(names: readonly (readonly [string | undefined, string])[]): Listed | null {
  for (const [provider, name] of names) {
    const price = ask(provider, name, null);
    if (price !== null) return { provider, name, varies: variationOf(price.model) };
  }
  return null;
}

function variationOf({ prices }: ModelInfo): Listed['varies'] {
  if (!Array.isArray(prices)) return 'never';
  return prices.some(({ constraint }) => constraint?.type === 'time_of_date') ? 'within a day' : 'by day';
}

function ask(provider: string | undefined, name: string, ts: Micros | null): ReturnType<typeof calcPrice> {
  const timestamp = ts === null ? NEWEST : new Date(ts / 1000);
  return calcPrice(
    { input_tokens: 1 },
    name,
    provider === undefined ? { timestamp } : { timestamp, providerId: provider },
  );
}

/** Tiers apply to a whole request. What has no price of its own costs what the tokens around it cost, as in the list. */
function stepsOf(price: ModelPrice): readonly RateStep[] | null {
  if (price['requests_kcount'] !== undefined) return null;
  const input = price['input_mtok'];
  const output = price['output_mtok'] ?? 0;
  if (input === undefined) return null;
  const read = price['cache_read_mtok'] ?? input;
  const write = price['cache_write_mtok'] ?? input;
  const write1h = price['cache_write_1h_mtok'] ?? write;
  const all = [input, output, read, write, write1h];
  const starts = new Set(all.flatMap((rate) => (typeof rate === 'number' ? [] : rate.tiers.map(({ start }) => start))));
  return [-1, ...[...starts].sort((a, b) => a - b)].map((above) => ({
    above,
    rates: {
      input: rateAbove(input, above),
      output: rateAbove(output, above),
      cacheRead: rateAbove(read, above),
      cacheWrite: rateAbove(write, above),
      cacheWrite1h: rateAbove(write1h, above),
    },
  }));
}

type Rate = NonNullable<ModelPrice[string]>;

function rateAbove(rate: Rate, tokens: number): number {
  if (typeof rate === 'number') return rate;
  return rate.tiers.findLast(({ start }) => start <= tokens)?.price ?? rate.base;
}
