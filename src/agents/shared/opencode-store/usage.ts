import type { AgentEvent, UsageFields } from '../../../core/event.ts';
import { asNumber, isObject, type Json, type JsonObject } from '../../../core/json.ts';
import { usage } from '../events.ts';
import { countField, numberField, objectField, textField, type Flags } from '../fields.ts';
import { canonical } from '../keys.ts';
import type { Place } from '../place.ts';
import type { Source } from './source.ts';
import type { StoredMessage, StoredPart } from './store.ts';

/** From this version on `output` no longer includes the reasoning, where a row has no total that tells (formats.md 6.7). */
const ADDITIVE_SINCE = [1, 4] as const;

interface Counters {
  readonly input: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly total: number | null;
}

/** Whether a part tells what one request used; the message's own figures then repeat it. */
export function isStepUsage({ type, value }: StoredPart): boolean {
  return type === 'step-finish' && isObject(value['tokens']);
}

/** One request. A provider that counts nothing leaves zeros. */
export function stepUsage(place: Place, { value }: StoredPart, message: StoredMessage, source: Source): AgentEvent {
  return usageEvent(place, message, countersOf(place.flags, value['tokens']), value['cost'], source);
}

/** The message's figures, where no part tells those of its requests; none when nothing was counted, as in a person's `!` run. */
export function messageUsage(place: Place, message: StoredMessage, source: Source): AgentEvent[] {
  const { tokens, cost } = message.info;
  if (tokens === undefined || tokens === null) return [];
  const counters = countersOf(place.flags, tokens);
  return isNothing(counters) ? [] : [usageEvent(place, message, counters, cost, source)];
}

/**
 * The identity is what was used, when and with which model, not an id: forks copy messages under new ids, and both containers of a
 * session must give the same. Where nothing was counted, the message tells requests apart.
 */
function usageEvent(
  place: Place,
  message: StoredMessage,
  counters: Counters,
  cost: Json | undefined,
  source: Source,
): AgentEvent {
  const { flags } = place;
  const { input, output, reasoning, cacheRead, cacheWrite } = counters;
  const model = textField(flags, message.info['modelID']);
  const provider = textField(flags, message.info['providerID']);
  const costUsd = numberField(flags, cost);
  const nothing = isNothing(counters);
  const moment = message.created === undefined || nothing ? place.key : canonical(message.created);
  const tokens = [input, output, reasoning, cacheRead, cacheWrite].map((count) => count ?? '').join('/');
  const key = `usage:${moment}:${provider ?? ''}:${model ?? ''}:${tokens}:${costUsd ?? ''}`;
  return usage(place, source.usages.next(key), {
    ...(nothing ? nothingCounted : billed(counters, additive(counters, message, source))),
    grain: 'response',
    responses: 1,
    model,
    responseId: null,
    requestId: null,
    // 0 is written for subscriptions, free and unknown models alike.
    recordedCostUsdMicros: costUsd !== null && costUsd > 0 ? Math.round(costUsd * 1_000_000) : null,
    speed: null,
  });
}

type BilledTokens = Pick<
  UsageFields,
  'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWrite5mTokens' | 'cacheWrite1hTokens' | 'reasoningTokens'
>;

const nothingCounted: BilledTokens = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  reasoningTokens: null,
};

function billed({ input, output, reasoning, cacheRead, cacheWrite }: Counters, isAdditive: boolean): BilledTokens {
  return {
    inputTokens: input,
    outputTokens: isAdditive && output !== null ? output + (reasoning ?? 0) : output,
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    cacheWrite1hTokens: null,
    reasoningTokens: reasoning,
  };
}

/** Whether reasoning comes on top of `output`: the total tells, else the build's age. */
function additive(counters: Counters, { generation }: StoredMessage, source: Source): boolean {
  const { input, output, reasoning, cacheRead, cacheWrite, total } = counters;
  const included = (input ?? 0) + (output ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0);
  // More reasoning than output can only stand beside it.
  if ((reasoning ?? 0) > (output ?? 0)) return true;
  if (total === included) return false;
  if (total === included + (reasoning ?? 0)) return true;
  return generation === 'session_message' || isSince(source.agentVersion);
}

function isSince(version: string | null): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined) return false;
  const [sinceMajor, sinceMinor] = ADDITIVE_SINCE;
  return Number(major) === sinceMajor ? Number(minor) >= sinceMinor : Number(major) > sinceMajor;
}

function countersOf(flags: Flags, written: Json | undefined): Counters {
  const tokens: JsonObject = objectField(flags, written) ?? {};
  const cache: JsonObject = objectField(flags, tokens['cache']) ?? {};
  return {
    input: countField(flags, tokens['input']),
    output: countField(flags, tokens['output']),
    reasoning: countField(flags, tokens['reasoning']),
    cacheRead: countField(flags, cache['read']),
    cacheWrite: countField(flags, cache['write']),
    total: asNumber(tokens['total']),
  };
}

function isNothing({ input, output, reasoning, cacheRead, cacheWrite }: Counters): boolean {
  return [input, output, reasoning, cacheRead, cacheWrite].every((count) => count === null || count === 0);
}
