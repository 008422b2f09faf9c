import type { AgentEvent, ToolCallFields, ToolKind } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { toolCall, toolResult, unknown } from '../shared/events.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { placeAt, placeNear, type Session } from './locate.ts';
import { resultOf } from './outcome.ts';
import { readResponse } from './responses.ts';
import { kindOf } from './tools.ts';

interface Call {
  readonly call: Json;
  readonly index: number;
  readonly messageId: string;
}

/** One entry of `toolCalls`: the call, and its result once it has one. */
export function callEvents(place: Place, { call, index, messageId }: Call, session: Session): readonly AgentEvent[] {
  if (!isObject(call)) return [unknown(place, `call:#${index}`, call)];
  const id = textField(place.flags, call['id']);
  const callId = id === null ? null : session.callIds.next(id, messageId);
  const block = session.occurrences.next(`${messageId}:${id ?? `#${index}`}`).slice(messageId.length + 1);
  const fields = callFields(place, call, callId);
  const event = toolCall(place, `call:${block}`, fields);
  const result = resultEvent(place, `result:${block}`, call, fields);
  return result === null ? [event] : [event, result];
}

function callFields(place: Place, call: JsonObject, callId: string | null): ToolCallFields {
  const toolName = textField(place.flags, call['name']) ?? 'unknown';
  const toolKind = kindOf(toolName, asText(call['displayName']));
  const input = objectField(place.flags, call['args']);
  return {
    callId,
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(place.flags, input['command']) : null,
    filePath: input === null ? null : filePathOf(place, toolKind, input),
    input,
  };
}

function filePathOf(place: Place, kind: ToolKind, input: JsonObject): string | null {
  if (kind !== 'read' && kind !== 'edit' && kind !== 'write') return null;
  return textField(place.flags, input['file_path'] ?? input['absolute_path'] ?? input['path']);
}

/** States in which a call has not ended. */
const running = new Set(['validating', 'scheduled', 'awaiting_approval', 'executing']);

function resultEvent(place: Place, block: string, call: JsonObject, fields: ToolCallFields): AgentEvent | null {
  const status = textField(place.flags, call['status']);
  const response = readResponse(call['result'], call['resultDisplay']);
  if (!response.isPresent && (status === null || running.has(status))) return null;
  const { outcome, exitCode } = resultOf({ status, response, isShell: fields.toolKind === 'shell' });
  const result = { callId: fields.callId, outcome, exitCode, durationS: null };
  return toolResult(placeAt(place, call['timestamp']) ?? placeNear(place), block, response.text, result);
}
