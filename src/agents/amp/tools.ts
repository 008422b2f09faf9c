import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { objectField, textField, type Flags } from '../shared/fields.ts';

/** The tools that the program has had; the reference lists none, so a name that is not here is `other`. */
const kindsByName = new Map<string, ToolKind>([
  ['Bash', 'shell'],
  ['shell_command', 'shell'],
  ['Read', 'read'],
  ['read_file', 'read'],
  ['edit_file', 'edit'],
  ['undo_edit', 'edit'],
  ['apply_patch', 'edit'],
  ['create_file', 'write'],
  ['Grep', 'search'],
  ['glob', 'search'],
  ['Glob', 'search'],
  ['finder', 'search'],
  ['list_directory', 'search'],
  ['codebase_search_agent', 'search'],
  ['web_search', 'web'],
  ['read_web_page', 'web'],
  ['Task', 'subagent'],
  ['oracle', 'subagent'],
  ['librarian', 'subagent'],
  ['todo_write', 'plan'],
  ['todo_read', 'plan'],
]);

/** A `tool_use` block: the call with what views ask for taken out of its input. */
export function callFields(flags: Flags, block: JsonObject): ToolCallFields {
  const toolName = textField(flags, block['name']) ?? 'unknown';
  const toolKind = toolName.startsWith('mcp__') ? 'mcp' : (kindsByName.get(toolName) ?? 'other');
  const written = block['input'];
  const input = isObject(written) ? written : objectField(flags, written);
  return {
    callId: textField(flags, block['id']),
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(flags, input['cmd'] ?? input['command']) : null,
    filePath: isFileKind(toolKind) && input !== null ? textField(flags, input['path']) : null,
    input,
  };
}

function isFileKind(kind: ToolKind): boolean {
  return kind === 'read' || kind === 'edit' || kind === 'write';
}
