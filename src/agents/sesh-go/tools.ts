import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

const kindsByName = new Map<string, ToolKind>([
  ['bash', 'shell'],
  ['read', 'read'],
  ['write', 'write'],
  ['edit', 'edit'],
  ['search', 'search'],
  ['recall', 'search'],
  ['task', 'subagent'],
  ['mcp', 'mcp'],
]);

/** A call with what views ask for taken out of its arguments. */
export function callFields(place: Place, call: JsonObject, callId: string): ToolCallFields {
  const toolName = textField(place.flags, call['Name']) ?? 'unknown';
  const toolKind = kindsByName.get(toolName) ?? 'other';
  const input = objectField(place.flags, call['Args']);
  const hasPath = toolKind === 'read' || toolKind === 'write' || toolKind === 'edit';
  return {
    callId,
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(place.flags, input['command']) : null,
    filePath: hasPath && input !== null ? textField(place.flags, input['path']) : null,
    input,
  };
}
