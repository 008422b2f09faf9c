import type { AgentEvent, ApiErrorSubtype } from '../../../core/event.ts';
import { asNumber, asText, isObject, type Json } from '../../../core/json.ts';
import { apiError, interrupt } from '../events.ts';
import { flagOnce } from '../fields.ts';
import type { Place } from '../place.ts';

const HEAD_CHARACTERS = 400;

const subtypesByName = new Map<string, ApiErrorSubtype>([
  ['ProviderAuthError', 'authentication'],
  ['ContextOverflowError', 'context_overflow'],
]);

const subtypesByStatus = new Map<number, ApiErrorSubtype>([
  [401, 'authentication'],
  [402, 'billing'],
  [403, 'authentication'],
  [408, 'timeout'],
  [429, 'rate_limit'],
  [529, 'overloaded'],
]);

const wordings: readonly (readonly [ApiErrorSubtype, RegExp])[] = [
  ['context_overflow', /prompt is too long|context (?:window|length)|maximum context|exceeds the context/i],
  ['billing', /insufficient (?:quota|credits?|balance)|credit balance|payment|billing/i],
  ['rate_limit', /rate.?limit|too many requests|usage limit|quota/i],
  ['overloaded', /overloaded/i],
  ['authentication', /api.?key|unauthorized|authenticat/i],
  ['timeout', /timed? ?out/i],
];

/** Why a message of the agent ended early: the person stopped it, or the request failed. */
export function errorEvent(place: Place, error: Json | undefined): AgentEvent[] {
  if (error === undefined || error === null) return [];
  if (!isObject(error)) flagOnce(place.flags, 'wrong_type');
  const name = nameOf(error);
  const text = textOf(error);
  if (/^MessageAborted|\babort|\binterrupt/i.test(name))
    return [interrupt(place, 'turn', 'message:error', text ?? name)];
  return [apiError(place, subtypeOf(name, text ?? '', error), 'message:error', text ?? (name === '' ? null : name))];
}

/** A request that failed and was sent again. */
export function retryEvent(place: Place, block: string, error: Json | undefined): AgentEvent {
  return apiError(place, 'retry', block, textOf(error ?? null) ?? nameOf(error ?? null));
}

function nameOf(error: Json): string {
  return isObject(error) ? (asText(error['name']) ?? '') : '';
}

function textOf(error: Json): string | null {
  if (!isObject(error)) return asText(error);
  const data = error['data'];
  return (isObject(data) ? asText(data['message']) : null) ?? asText(error['message']);
}

/** The context's length comes first: providers report it as an invalid request. */
function subtypeOf(name: string, text: string, error: Json): ApiErrorSubtype {
  const named = subtypesByName.get(name);
  const worded = wordings.find(([, pattern]) => pattern.test(text.slice(0, HEAD_CHARACTERS)))?.[0];
  if (named !== undefined) return named;
  if (worded === 'context_overflow' || worded === 'billing') return worded;
  return subtypeOfStatus(statusOf(error)) ?? worded ?? 'other';
}

function statusOf(error: Json): number | null {
  const data = isObject(error) ? error['data'] : null;
  return isObject(data) ? asNumber(data['statusCode'] ?? data['status']) : null;
}

function subtypeOfStatus(status: number | null): ApiErrorSubtype | undefined {
  if (status === null) return undefined;
  return subtypesByStatus.get(status) ?? (status >= 500 ? 'server' : status >= 400 ? 'invalid_request' : undefined);
}
