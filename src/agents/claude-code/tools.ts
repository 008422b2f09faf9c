import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

const kindsByName = new Map<string, ToolKind>([
  ['Bash', 'shell'],
  ['PowerShell', 'shell'],
  ['Read', 'read'],
  ['NotebookRead', 'read'],
  ['Edit', 'edit'],
  ['MultiEdit', 'edit'],
  ['NotebookEdit', 'edit'],
  ['Write', 'write'],
  ['Grep', 'search'],
  ['Glob', 'search'],
  ['LS', 'search'],
  ['ToolSearch', 'search'],
  ['WebFetch', 'web'],
  ['WebSearch', 'web'],
  ['web_search', 'web'],
  ['web_fetch', 'web'],
  ['Task', 'subagent'],
  ['Agent', 'subagent'],
  ['TodoWrite', 'plan'],
  ['TodoRead', 'plan'],
  ['TaskCreate', 'plan'],
  ['TaskUpdate', 'plan'],
  ['TaskList', 'plan'],
  ['TaskGet', 'plan'],
  ['EnterPlanMode', 'plan'],
  ['ExitPlanMode', 'plan'],
  ['exit_plan_mode', 'plan'],
]);

/** A `tool_use` block: the call with what views ask for taken out of its input. */
export function callFields(place: Place, block: JsonObject): ToolCallFields {
  const toolName = textField(place.flags, block['name']) ?? 'unknown';
  const toolKind = toolName.startsWith('mcp__') ? 'mcp' : (kindsByName.get(toolName) ?? 'other');
  const written = block['input'];
  const input = isObject(written) ? written : objectField(place.flags, written);
  return {
    callId: textField(place.flags, block['id']),
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(place.flags, input['command']) : null,
    filePath: input === null ? null : pathOf(place, toolKind, input),
    input,
  };
}

function pathOf(place: Place, kind: ToolKind, input: JsonObject): string | null {
  if (kind !== 'read' && kind !== 'edit' && kind !== 'write') return null;
  return textField(place.flags, input['file_path'] ?? input['notebook_path']);
}
