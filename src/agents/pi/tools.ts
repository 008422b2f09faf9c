import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Place } from '../shared/place.ts';

/** pi's own tools, and those of the extensions that come with it as examples. */
const kindsByName = new Map<string, ToolKind>([
  ['bash', 'shell'],
  ['read', 'read'],
  ['edit', 'edit'],
  ['write', 'write'],
  ['grep', 'search'],
  ['find', 'search'],
  ['ls', 'search'],
  ['subagent', 'subagent'],
  ['todo', 'plan'],
]);

const withPath = new Set<ToolKind>(['read', 'edit', 'write']);

/** A `toolCall` block: the call with what views ask for taken out of its arguments. */
export function callFields(place: Place, block: JsonObject): ToolCallFields {
  const { flags } = place;
  const toolName = textField(flags, block['name']) ?? 'unknown';
  const toolKind = toolName.startsWith('mcp__') ? 'mcp' : (kindsByName.get(toolName) ?? 'other');
  const input = objectField(flags, block['arguments']);
  return {
    callId: textField(flags, block['id']),
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(flags, input['command']) : null,
    filePath: withPath.has(toolKind) && input !== null ? textField(flags, input['path'] ?? input['file_path']) : null,
    input,
  };
}
