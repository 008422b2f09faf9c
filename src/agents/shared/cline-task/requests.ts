import type { AgentEvent, TokenCounts } from '../../../core/event.ts';
import { isObject, type JsonObject } from '../../../core/json.ts';
import { apiError, interrupt, meta, usage } from '../events.ts';
import { countField, flagOnce, numberField, textField, type Flags } from '../fields.ts';
import type { Place } from '../place.ts';
import { answerIn, directoryIn, modelIn, requestText } from './answers.ts';
import { failureOf } from './api-errors.ts';
import { closeCall } from './calls.ts';
import { parsedText } from './message.ts';
import { modelAt, type Task } from './task.ts';

/** `api_req_started`: what the request used, how it failed, and what it repeats of the tool before it. */
export function requestEvents(task: Task, place: Place, message: JsonObject): AgentEvent[] {
  const fields = parsedText(message);
  if (fields === null) {
    if (textField(place.flags, message['text']) !== null) flagOnce(place.flags, 'wrong_type');
    return [...closeCall(task, null), meta(place, 'internal', 0, null)];
  }
  const text = requestText(fields);
  const told = answerIn(text);
  const result = closeCall(task, told === null ? null : { place, told });
  task.cwd ??= directoryIn(text);
  const here = { ...place, cwd: task.cwd };
  const own = [...usageEvents(task, here, message, fields), ...endEvents(task, here, fields)];
  // A request that is still under way, or failed without counting anything, is seen as well.
  return [...result, ...(own.length === 0 ? [meta(here, 'internal', 'pending', null)] : own)];
}

function usageEvents(task: Task, place: Place, message: JsonObject, fields: JsonObject): AgentEvent[] {
  const counts = countsOf(place.flags, fields);
  const cost = numberField(place.flags, fields['cost']);
  const recordedCostUsdMicros = cost !== null && cost > 0 ? Math.round(cost * 1_000_000) : null;
  if (counts === null && recordedCostUsdMicros === null) return [];
  const written = writtenModel(message) ?? modelIn(requestText(fields));
  const noted = written === null ? modelAt(task, place.ts) : null;
  const own = noted?.assumed === true ? { ...place, flags: [...place.flags, 'assumed_model' as const] } : place;
  return [
    usage(own, `usage:${place.key}`, {
      ...(counts ?? nothing),
      grain: 'response',
      responses: 1,
      model: written ?? noted?.model ?? null,
      responseId: null,
      requestId: null,
      recordedCostUsdMicros,
      speed: null,
    }),
  ];
}

const nothing: TokenCounts = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  reasoningTokens: null,
};

/** Null while nothing is counted: a provider that counts nothing leaves zeros behind. */
function countsOf(flags: Flags, fields: JsonObject): TokenCounts | null {
  const counts = {
    ...nothing,
    inputTokens: countField(flags, fields['tokensIn']),
    outputTokens: countField(flags, fields['tokensOut']),
    cacheReadTokens: countField(flags, fields['cacheReads']),
    cacheWrite5mTokens: countField(flags, fields['cacheWrites']),
  };
  if (Object.values(counts).every((count) => count === null || count === 0)) return null;
  return { ...counts, inputTokens: uncached(counts, fields['apiProtocol'] !== undefined) };
}

/**
 * Roo and its descendants write `apiProtocol`; since 3.29.5 their `tokensIn` is the whole prompt, cache included. The versions before
 * wrote what the provider counted, which for Anthropic is without the cache: then the cache is often more than the input.
 */
function uncached(counts: TokenCounts, withProtocol: boolean): number | null {
  const { inputTokens } = counts;
  const cached = (counts.cacheReadTokens ?? 0) + (counts.cacheWrite5mTokens ?? 0);
  return inputTokens !== null && withProtocol && inputTokens >= cached ? inputTokens - cached : inputTokens;
}

/** Newer versions of Cline note the model with the message. */
function writtenModel(message: JsonObject): string | null {
  const info = message['modelInfo'];
  return isObject(info) ? textField([], info['modelId']) : null;
}

/** Why a request has no proper end, in the words of the program. */
function endEvents(task: Task, place: Place, fields: JsonObject): AgentEvent[] {
  const reason = textField(place.flags, fields['cancelReason']);
  const failure = textField(place.flags, fields['streamingFailedMessage']);
  if (reason === 'user_cancelled') return [interrupt(place, 'turn', 'cancelled', reason)];
  if (reason === null && failure === null) return [];
  task.lastFailure = failure;
  return [apiError(place, failureOf(failure), 'failed', failure ?? reason)];
}
