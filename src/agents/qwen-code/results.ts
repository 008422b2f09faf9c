import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { meta, toolResult, unknown } from '../shared/events.ts';
import { objectField, secondsField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { resultOf } from './outcome.ts';
import { hasFile } from './parts.ts';
import type { Source } from './source.ts';
import { kindOf } from './tools.ts';

interface ResultLine {
  readonly value: JsonObject;
  readonly parts: readonly Json[];
}

/** The results in one line; `toolCallResult` belongs to the line, so it is used for the result that it names, or the only one. */
export function resultEvents(place: Place, { value, parts }: ResultLine, source: Source): readonly AgentEvent[] {
  const details = objectField(place.flags, value['toolCallResult']);
  const responses = parts.filter((part) => isObject(part) && part['functionResponse'] !== undefined);
  const events: AgentEvent[] = [];
  for (const [index, part] of parts.entries()) {
    const event = partEvent(place, index, part, { details, isOnly: responses.length === 1 }, source);
    if (event !== null) events.push(event);
  }
  return events.length === 0 ? [meta(place, 'internal', 0, null)] : events;
}

interface Details {
  readonly details: JsonObject | null;
  readonly isOnly: boolean;
}

function partEvent(place: Place, index: number, part: Json, line: Details, source: Source): AgentEvent | null {
  if (!isObject(part)) return unknown(place, index, part);
  if (part['functionResponse'] !== undefined) return responseEvent(place, index, part, line, source);
  const text = asText(part['text']);
  if (text !== null) return meta(place, 'context', index, text);
  return hasFile([part]) || part['text'] !== undefined ? null : unknown(place, index, part);
}

function responseEvent(place: Place, index: number, part: JsonObject, line: Details, source: Source): AgentEvent {
  const answer = objectField(place.flags, part['functionResponse']);
  if (answer === null) return unknown(place, index, part);
  const id = textField(place.flags, answer['id']);
  const details = line.isOnly || (id !== null && line.details?.['callId'] === id) ? line.details : null;
  const call = id === null ? { callId: null, durationS: null } : source.calls.resultOf(id);
  const { text, isError } = responseText(answer['response'], details);
  const { outcome, exitCode } = resultOf({
    status: details === null ? null : textField(place.flags, details['status']),
    errorType: details === null ? null : asText(details['errorType']),
    text,
    isError,
    isShell: kindOf(asText(answer['name']) ?? '') === 'shell',
  });
  const written = details === null ? null : secondsField(place.flags, details['durationMs']);
  return toolResult(place, index, text, {
    callId: call.callId,
    outcome,
    exitCode,
    durationS: written ?? call.durationS,
  });
}

/** What went back to the model, else what was shown to the person. */
function responseText(response: Json | undefined, details: JsonObject | null): { text: string; isError: boolean } {
  const shown = details === null ? '' : (asText(details['resultDisplay']) ?? '');
  if (!isObject(response)) return { text: asText(response) ?? shown, isError: false };
  const said = response['output'] ?? response['error'];
  const isError = response['output'] === undefined && asText(response['error']) !== null;
  if (said !== undefined && said !== null)
    return { text: typeof said === 'string' ? said : JSON.stringify(said), isError };
  return { text: Object.keys(response).length === 0 ? shown : JSON.stringify(response), isError };
}
