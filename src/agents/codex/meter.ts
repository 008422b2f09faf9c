import type { TokenCounts } from '../../core/event.ts';
import { asNumber, isObject, type JsonObject } from '../../core/json.ts';
import { countField, flagOnce, objectField, type Flags } from '../shared/fields.ts';

const counters = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_input_tokens',
  'output_tokens',
  'reasoning_output_tokens',
] as const;

type Counter = (typeof counters)[number];

/** Token counters as Codex writes them: input includes the cached, output includes the reasoning (formats.md 2.7). */
type Vector = Readonly<Record<Counter | 'total_tokens', number | null>>;

/** The cumulative counters of the thread so far. */
export interface Meter {
  previous: Vector | null;
}

/** What was used since the last count. */
export interface Spent {
  readonly counts: TokenCounts;
  /** One response, or null when the difference is not that of the last one alone. */
  readonly responses: number | null;
  /** The cumulative counters (else the last request's): the same in every copy of the line. */
  readonly name: string;
}

export function newMeter(): Meter {
  return { previous: null };
}

/** What a `token_count` adds; null when it only repeats, or says something else than a request (formats.md 2.7). */
export function spentBy(meter: Meter, info: JsonObject, flags: Flags): Spent | null {
  const total = vectorOf(info['total_token_usage'], flags);
  const last = vectorOf(info['last_token_usage'], flags);
  if (total === null) return last === null ? null : spentWithoutTotal(meter, last, flags);
  if (isEstimate(total) || (last !== null && isNothing(last))) return null;
  const { previous } = meter;
  if (previous !== null && isSame(previous, total)) return null;
  meter.previous = total;
  const spent =
    previous === null ? (last ?? total) : hasGrown(previous, total) ? minus(total, previous) : (last ?? total);
  if (isNothing(spent)) return null;
  const isOne = last === null || counters.every((counter) => (spent[counter] ?? 0) === (last[counter] ?? 0));
  return { counts: countsOf(spent, flags), responses: isOne ? 1 : null, name: nameOf(total) };
}

function spentWithoutTotal(meter: Meter, last: Vector, flags: Flags): Spent | null {
  if (isNothing(last)) return null;
  meter.previous = meter.previous === null ? last : plus(meter.previous, last);
  return { counts: countsOf(last, flags), responses: 1, name: `last:${nameOf(last)}` };
}

function vectorOf(value: JsonObject[string], flags: Flags): Vector | null {
  const written = objectField(flags, value);
  if (written === null || counters.every((name) => asNumber(written[name]) === null)) return null;
  return mapped((counter) => countField(flags, written[counter]));
}

/** A full context is written as a total without parts, and so is the estimate after a compaction. */
function isEstimate(total: Vector): boolean {
  return (total.input_tokens ?? 0) === 0 && (total.output_tokens ?? 0) === 0 && (total.total_tokens ?? 0) !== 0;
}

function isNothing(vector: Vector): boolean {
  return counters.every((counter) => (vector[counter] ?? 0) === 0);
}

function isSame(a: Vector, b: Vector): boolean {
  return nameOf(a) === nameOf(b);
}

function nameOf(vector: Vector): string {
  return [...counters, 'total_tokens' as const].map((counter) => vector[counter] ?? '').join(',');
}

function hasGrown(previous: Vector, total: Vector): boolean {
  return counters.every((counter) => (total[counter] ?? 0) >= (previous[counter] ?? 0));
}

/** Counters that the newer vector does not have stay unknown. */
function minus(total: Vector, previous: Vector): Vector {
  return mapped((counter) => (total[counter] === null ? null : total[counter] - (previous[counter] ?? 0)));
}

function plus(a: Vector, b: Vector): Vector {
  const isUnknown = (counter: keyof Vector): boolean => a[counter] === null && b[counter] === null;
  return mapped((counter) => (isUnknown(counter) ? null : (a[counter] ?? 0) + (b[counter] ?? 0)));
}

function mapped(valueOf: (counter: keyof Vector) => number | null): Vector {
  return {
    input_tokens: valueOf('input_tokens'),
    cached_input_tokens: valueOf('cached_input_tokens'),
    cache_write_input_tokens: valueOf('cache_write_input_tokens'),
    output_tokens: valueOf('output_tokens'),
    reasoning_output_tokens: valueOf('reasoning_output_tokens'),
    total_tokens: valueOf('total_tokens'),
  };
}

/** The target form: input without what came from or went to the cache. */
function countsOf(spent: Vector, flags: Flags): TokenCounts {
  const { input_tokens: input, cached_input_tokens: cached, cache_write_input_tokens: written } = spent;
  const uncached = input === null ? null : input - (cached ?? 0) - (written ?? 0);
  if (uncached !== null && uncached < 0) flagOnce(flags, 'wrong_type');
  return {
    inputTokens: uncached === null ? null : Math.max(0, uncached),
    outputTokens: spent.output_tokens,
    cacheReadTokens: cached,
    cacheWrite5mTokens: written,
    cacheWrite1hTokens: null,
    reasoningTokens: spent.reasoning_output_tokens,
  };
}

export function infoOf(payload: JsonObject): JsonObject | null {
  const { info } = payload;
  return isObject(info) ? info : null;
}
