import { calcPrice } from '@pydantic/genai-prices';
import type { ProviderName, Usage } from './providers/provider.ts';

/** What tokens cost, in dollars per million of them: the same number as millionths of a dollar per token. */
export interface PriceEntry {
  readonly model: string;
  /** From this day on; of several the newest that has begun counts. Milliseconds since 1970. */
  readonly fromMs: number;
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
  readonly cacheReadUsdPerMillion: number | null;
  readonly cacheWriteUsdPerMillion: number | null;
  /** What a batch costs of it. */
  readonly batchFactor: number;
}

export interface Price {
  /** Millionths of a dollar, rounded up. */
  readonly costUsdMicros: (usage: Tokens) => number;
  readonly batchFactor: number;
  /** Where it comes from, for the person. */
  readonly source: string;
}

type Tokens = Omit<Usage, 'estimated'>;

interface Priced {
  readonly provider: ProviderName;
  readonly model: string;
  /** The server runs on this machine. */
  readonly isLocal: boolean;
  readonly table: readonly PriceEntry[];
  readonly nowMs: number;
}

const BATCH_FACTOR = 0.5;

/** The person's own table, then the bundled list; a server on this machine costs nothing. Null when nobody knows. */
export function priceOf({ provider, model, isLocal, table, nowMs }: Priced): Price | null {
  const own = table
    .filter((entry) => entry.model === model && entry.fromMs <= nowMs)
    .reduce<PriceEntry | null>((newest, entry) => (entry.fromMs >= (newest?.fromMs ?? 0) ? entry : newest), null);
  if (own !== null) return ownPrice(own);
  if (isLocal) return { costUsdMicros: () => 0, batchFactor: 1, source: 'this machine' };
  return provider === 'openai-compatible' ? null : listedPrice(provider, model, nowMs);
}

function ownPrice(entry: PriceEntry): Price {
  const input = entry.inputUsdPerMillion;
  const cacheRead = entry.cacheReadUsdPerMillion ?? input;
  const cacheWrite = entry.cacheWriteUsdPerMillion ?? input * CACHE_WRITE_FACTOR;
  return {
    costUsdMicros: ({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }) =>
      Math.ceil(
        inputTokens * input +
          outputTokens * entry.outputUsdPerMillion +
          cacheReadTokens * cacheRead +
          cacheWriteTokens * cacheWrite,
      ),
    batchFactor: entry.batchFactor,
    source: 'judge.yaml',
  };
}

/** Writing to the cache costs a quarter more than reading without it. */
const CACHE_WRITE_FACTOR = 1.25;

function listedPrice(provider: 'anthropic' | 'openai', model: string, nowMs: number): Price | null {
  const dollars = ({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Tokens): number | null => {
    const tokens = {
      // The list wants the whole prompt here, cache included.
      input_tokens: inputTokens + cacheReadTokens + cacheWriteTokens,
      cache_read_tokens: cacheReadTokens,
      cache_write_tokens: cacheWriteTokens,
      output_tokens: outputTokens,
    };
    return calcPrice(tokens, model, { providerId: provider, timestamp: new Date(nowMs) })?.total_price ?? null;
  };
  if (dollars(uncached(1, 1)) === null) return null;
  return {
    costUsdMicros: (tokens) => Math.ceil((dollars(tokens) ?? 0) * 1_000_000),
    batchFactor: BATCH_FACTOR,
    source: 'the bundled list',
  };
}

/** The estimate of tokens may be too low by this much. */
const INPUT_MARGIN = 1.15;
/** What a verdict usually takes (judge.md 3.10). */
const USUAL_OUTPUT_TOKENS = 700;

/** Tokens that one call is expected to use at most. */
export function reservedTokens(inputTokens: number, maxTokens: number): number {
  return Math.ceil(inputTokens * INPUT_MARGIN) + maxTokens;
}

/** What is set aside for one call: more than it can cost, when the estimate of its input is right within the margin. */
export function reservation(price: Price, inputTokens: number, maxTokens: number): number {
  return price.costUsdMicros(uncached(Math.ceil(inputTokens * INPUT_MARGIN), maxTokens));
}

export interface Estimate {
  readonly expectedUsdMicros: number;
  /** With a repair: two calls of the greatest length, the second with the first one's answer in it. */
  readonly worstUsdMicros: number;
}

export function estimate(price: Price, inputTokens: number, maxTokens: number): Estimate {
  return {
    expectedUsdMicros: price.costUsdMicros(uncached(inputTokens, Math.min(USUAL_OUTPUT_TOKENS, maxTokens))),
    worstUsdMicros: reservation(price, inputTokens, maxTokens) + reservation(price, inputTokens + maxTokens, maxTokens),
  };
}

function uncached(inputTokens: number, outputTokens: number): Tokens {
  return { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 };
}

export interface Caps {
  /** Millionths of a dollar; null: no cap. */
  readonly runUsdMicros: number | null;
  readonly monthUsdMicros: number | null;
  readonly calls: number | null;
  /** New questions, so that a store full of invented sessions cannot cost more than a day's worth of them. */
  readonly questions: number | null;
}

/** Which cap holds a call back. */
export type CapName = '--max-usd' | 'monthly_usd' | '--max-calls' | 'sessions_per_day';

/** Lets calls through as long as all that is spent and set aside stays under the caps. */
export class Budget {
  readonly #caps: Caps;
  readonly #spentBeforeUsdMicros: number;
  #spentUsdMicros = 0;
  #reservedUsdMicros = 0;
  #calls = 0;
  #questions = 0;

  /** `spentBefore`: in this month, by earlier runs. */
  constructor(caps: Caps, spentBeforeUsdMicros: number) {
    this.#caps = caps;
    this.#spentBeforeUsdMicros = spentBeforeUsdMicros;
  }

  get spentUsdMicros(): number {
    return this.#spentUsdMicros;
  }

  get calls(): number {
    return this.#calls;
  }

  /** Sets money aside for a question, which is new or has been asked before; the cap that forbids it, or null. */
  reserve(usdMicros: number, isNew: boolean): CapName | null {
    const { runUsdMicros, monthUsdMicros, calls, questions } = this.#caps;
    const total = this.#spentUsdMicros + this.#reservedUsdMicros + usdMicros;
    if (calls !== null && this.#calls >= calls) return '--max-calls';
    if (runUsdMicros !== null && total > runUsdMicros) return '--max-usd';
    if (monthUsdMicros !== null && this.#spentBeforeUsdMicros + total > monthUsdMicros) return 'monthly_usd';
    if (isNew && questions !== null && this.#questions >= questions) return 'sessions_per_day';
    if (isNew) this.#questions += 1;
    this.#reservedUsdMicros += usdMicros;
    return null;
  }

  /** Counts one request, also one that fails; false when there were as many as may be. */
  call(): boolean {
    if (this.#caps.calls !== null && this.#calls >= this.#caps.calls) return false;
    this.#calls += 1;
    return true;
  }

  /** Puts what a question really cost in the place of what was set aside for it. */
  settle(reservedUsdMicros: number, usdMicros: number): void {
    this.#reservedUsdMicros -= reservedUsdMicros;
    this.#spentUsdMicros += usdMicros;
  }
}
