import type { AgentEvent, TokenCounts } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { usage } from '../shared/events.ts';
import { countField, flagOnce, numberField, objectField, textField, type Flags } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

/**
 * What a response used. A server that counts nothing leaves zeros, which say nothing: no request has an empty context. Without an
 * answer such zeros mean that there was no response.
 */
export function responseUsage(place: Place, message: JsonObject, answered: boolean, source: Source): AgentEvent[] {
  const written = objectField(place.flags, message['usage']);
  if (written === null) return [];
  const counts = countsOf(place.flags, written);
  if (!answered && isNothing(counts)) return [];
  const model = textField(place.flags, message['model']);
  return [usageEvent(place, written, counts, { model: model ?? source.model, assumed: model === null, message })];
}

/** The request that wrote a summary; it went to the session's model, which the entry does not name. */
export function summaryUsage(place: Place, value: JsonObject, source: Source): AgentEvent[] {
  return nestedUsage(place, value, source.model);
}

/** What a tool itself asked of models, which it does not name. */
export function toolUsage(place: Place, message: JsonObject): AgentEvent[] {
  return nestedUsage(place, message, null);
}

function nestedUsage(place: Place, value: JsonObject, model: string | null): AgentEvent[] {
  const written = objectField(place.flags, value['usage']);
  if (written === null) return [];
  const counts = countsOf(place.flags, written);
  if (isNothing(counts)) return [];
  return [usageEvent(place, written, counts, { model, assumed: true, message: null })];
}

interface Request {
  readonly model: string | null;
  /** The model is the session's, not the request's own. */
  readonly assumed: boolean;
  /** The response; null for requests that are only told as a sum. */
  readonly message: JsonObject | null;
}

function usageEvent(place: Place, written: JsonObject, counts: TokenCounts, request: Request): AgentEvent {
  const { model, assumed, message } = request;
  const flags = [...place.flags];
  if (assumed && model !== null) flagOnce(flags, 'assumed_model');
  return usage({ ...place, flags }, `usage:${place.key}`, {
    ...(isNothing(counts) ? unknownCounts : counts),
    grain: 'response',
    responses: message === null ? null : 1,
    model,
    responseId: message === null ? null : textField(flags, message['responseId']),
    requestId: null,
    recordedCostUsdMicros: costOf(flags, written),
    speed: null,
  });
}

/** Disjoint counters (formats.md 0.4); the 1-hour writes are a part of all writes, reasoning a part of the output. */
function countsOf(flags: Flags, written: JsonObject): TokenCounts {
  const writes = countField(flags, written['cacheWrite']);
  const longWrites = countField(flags, written['cacheWrite1h']);
  return {
    inputTokens: countField(flags, written['input']),
    outputTokens: countField(flags, written['output']),
    cacheReadTokens: countField(flags, written['cacheRead']),
    cacheWrite5mTokens: writes === null ? null : Math.max(0, writes - (longWrites ?? 0)),
    cacheWrite1hTokens: longWrites,
    reasoningTokens: countField(flags, written['reasoning']),
  };
}

const unknownCounts: TokenCounts = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  reasoningTokens: null,
};

function isNothing(counts: TokenCounts): boolean {
  return Object.values(counts).every((count: number | null) => count === null || count === 0);
}

/** Null where pi knows no price: it then writes 0. */
function costOf(flags: Flags, written: JsonObject): number | null {
  const cost = written['cost'];
  const total = isObject(cost) ? numberField(flags, cost['total']) : null;
  if (total === null || total <= 0) return null;
  const micros = Math.round(total * 1_000_000);
  return Number.isSafeInteger(micros) ? micros : null;
}
