import type { AgentEvent, ApiErrorSubtype } from '../../core/event.ts';
import { asNumber, type JsonObject } from '../../core/json.ts';
import { apiError } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** A request to the model that failed for good. */
export function sessionError(place: Place, data: JsonObject): AgentEvent {
  const text = textField(place.flags, data['message']);
  const errorType = textField(place.flags, data['errorType']);
  return apiError(place, subtypeOf(text, errorType, asNumber(data['statusCode'])), 0, text ?? errorType);
}

/** One failed try; the program may try again. */
export function callFailure(place: Place, data: JsonObject): AgentEvent {
  const text = textField(place.flags, data['errorMessage'] ?? data['message']);
  return apiError(place, subtypeOf(text, null, asNumber(data['statusCode'])), 0, text);
}

const namedTypes = new Map<string, ApiErrorSubtype>([
  ['authentication', 'authentication'],
  ['authorization', 'authentication'],
  ['quota', 'billing'],
  ['rate_limit', 'rate_limit'],
  ['context_limit', 'context_overflow'],
]);

const statuses = new Map<number, ApiErrorSubtype>([
  [401, 'authentication'],
  [402, 'billing'],
  [403, 'authentication'],
  [408, 'timeout'],
  [429, 'rate_limit'],
  [529, 'overloaded'],
]);

const HEAD_CHARACTERS = 400;

function subtypeOf(text: string | null, errorType: string | null, status: number | null): ApiErrorSubtype {
  if (/context window|prompt is too long|maximum context/i.test(text?.slice(0, HEAD_CHARACTERS) ?? '')) {
    return 'context_overflow';
  }
  return namedTypes.get(errorType ?? '') ?? subtypeOfStatus(status) ?? 'other';
}

function subtypeOfStatus(status: number | null): ApiErrorSubtype | undefined {
  if (status === null) return undefined;
  return statuses.get(status) ?? (status >= 500 ? 'server' : status >= 400 ? 'invalid_request' : undefined);
}
