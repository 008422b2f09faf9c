import type { AgentEvent, ToolKind } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { meta, plain, toolCall, unknown, usage } from '../shared/events.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { messageOf } from './locate.ts';
import { hasFile, partsOf } from './parts.ts';
import type { Source } from './source.ts';
import { kindOf } from './tools.ts';
import { usageFields } from './usage.ts';

/** One model response: thoughts, words, calls, and what it used. */
export function assistantEvents(place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  source.openCommand = null;
  source.calls.forgetDurations();
  const events: AgentEvent[] = [];
  for (const [index, part] of partsOf(place, value).entries()) {
    const event = partEvent(place, part, index, source);
    if (event !== null) events.push(event);
  }
  const responseId = messageOf(value, place);
  const fields = usageFields(place.flags, value, responseId);
  if (fields !== null) events.push(usage(place, `usage:${responseId}`, fields));
  return events.length === 0 ? [meta(place, 'internal', 0, null)] : events;
}

function partEvent(place: Place, part: Json, index: number, source: Source): AgentEvent | null {
  if (!isObject(part)) return unknown(place, index, part);
  if (isObject(part['functionCall'])) return callEvent(place, part['functionCall'], index, source);
  const text = asText(part['text']);
  if (text !== null) return plain(place, part['thought'] === true ? 'thinking' : 'reply', index, text);
  if (part['text'] !== undefined || hasFile([part])) return null;
  return unknown(place, index, part);
}

function callEvent(place: Place, call: JsonObject, index: number, source: Source): AgentEvent {
  const toolName = textField(place.flags, call['name']) ?? 'unknown';
  const toolKind = kindOf(toolName);
  const input = objectField(place.flags, call['args']);
  const id = textField(place.flags, call['id']);
  return toolCall(place, index, {
    callId: id === null ? null : source.calls.open(id, `${place.key}:${index}`, toolName, call['args']),
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(place.flags, input['command']) : null,
    filePath: input === null ? null : filePathOf(place, toolKind, input),
    input,
  });
}

function filePathOf(place: Place, kind: ToolKind, input: JsonObject): string | null {
  if (kind !== 'read' && kind !== 'edit' && kind !== 'write') return null;
  return textField(
    place.flags,
    input['file_path'] ?? input['absolute_path'] ?? input['notebook_path'] ?? input['path'],
  );
}
