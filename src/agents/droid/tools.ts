import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

const kindsByName = new Map<string, ToolKind>([
  ['Execute', 'shell'],
  ['Read', 'read'],
  ['Edit', 'edit'],
  ['MultiEdit', 'edit'],
  ['ApplyPatch', 'edit'],
  ['Create', 'write'],
  ['Grep', 'search'],
  ['Glob', 'search'],
  ['LS', 'search'],
  ['WebSearch', 'web'],
  ['FetchUrl', 'web'],
  ['Task', 'subagent'],
  ['TodoWrite', 'plan'],
  ['ExitSpecMode', 'plan'],
]);

const withPath = new Set<ToolKind>(['read', 'edit', 'write']);

/** A `tool_use` block: the call with what views ask for taken out of its input. */
export function callFields(place: Place, block: JsonObject): ToolCallFields {
  const { flags } = place;
  const toolName = textField(flags, block['name']) ?? 'unknown';
  const toolKind = toolName.startsWith('mcp__') ? 'mcp' : (kindsByName.get(toolName) ?? 'other');
  const input = objectField(flags, block['input']);
  return {
    callId: textField(flags, block['id']),
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(flags, input['command']) : null,
    filePath: withPath.has(toolKind) && input !== null ? pathOf(place, input) : null,
    input,
  };
}

/** The file, or the first one that a patch names. */
function pathOf({ flags }: Place, input: JsonObject): string | null {
  const path = textField(flags, input['file_path'] ?? input['path']);
  const patch = input['input'];
  if (path !== null || typeof patch !== 'string') return path;
  return /^\*\*\* (?:Update|Add|Delete) File: (.+)$/m.exec(patch)?.[1] ?? null;
}
