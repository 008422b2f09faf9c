import type { AgentEvent } from '../../core/event.ts';
import { asNumber, asText, type JsonObject } from '../../core/json.ts';
import { apiError, meta } from '../shared/events.ts';
import { objectField, secondsField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { apiErrorSubtype } from './api-errors.ts';
import type { Source } from './source.ts';

/** Telemetry repeats calls and responses, for the sake of durations; only a failed request stands nowhere else. */
export function telemetryEvent(place: Place, payload: JsonObject, source: Source): AgentEvent {
  const event = objectField(place.flags, payload['uiEvent']) ?? {};
  const name = textField(place.flags, event['event.name']) ?? '';
  if (name.endsWith('.api_error')) return apiErrorEvent(place, event);
  if (name.endsWith('.tool_call') && !isSubAgents(event)) noteDuration(place, event, source);
  return meta(place, 'internal', 0, null);
}

function isSubAgents(event: JsonObject): boolean {
  return asText(event['subagent_id']) !== null || asText(event['subagent_name']) !== null;
}

function noteDuration(place: Place, event: JsonObject, source: Source): void {
  const toolName = textField(place.flags, event['function_name']);
  const seconds = secondsField(place.flags, event['duration_ms']);
  // 0 is written where the call never began to run.
  if (toolName !== null) source.calls.took(toolName, event['function_args'], seconds === 0 ? null : seconds);
}

function apiErrorEvent(place: Place, event: JsonObject): AgentEvent {
  // Older versions call the message `error`.
  const text = textField(place.flags, event['error_message'] ?? event['error']);
  const subtype = apiErrorSubtype(text ?? '', asText(event['error_type']) ?? '', asNumber(event['status_code']));
  return apiError(place, subtype, 0, text);
}
