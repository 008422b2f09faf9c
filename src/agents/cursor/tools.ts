import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** Many tools have two names: one in the transcripts and one in the databases (formats.md 8.1). */
const kindsByName = new Map<string, ToolKind>([
  ['Shell', 'shell'],
  ['run_terminal_command_v2', 'shell'],
  ['Read', 'read'],
  ['read_file_v2', 'read'],
  ['Write', 'write'],
  ['StrReplace', 'edit'],
  ['edit_file_v2', 'edit'],
  ['Grep', 'search'],
  ['ripgrep_raw_search', 'search'],
  ['Glob', 'search'],
  ['glob_file_search', 'search'],
  ['codebase_search', 'search'],
  ['semantic_search_full', 'search'],
  ['Task', 'subagent'],
  ['task_v2', 'subagent'],
  ['WebSearch', 'web'],
  ['TodoWrite', 'plan'],
]);

const withPath = new Set<ToolKind>(['read', 'edit', 'write']);

/** A `tool_use` block: the call with what views ask for taken out of its input. Most have no id. */
export function callFields(place: Place, block: JsonObject): ToolCallFields {
  const { flags } = place;
  const toolName = textField(flags, block['name']) ?? 'unknown';
  const toolKind = kindsByName.get(toolName) ?? 'other';
  const input = objectField(flags, block['input']);
  return {
    callId: textField(flags, block['id']),
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? textField(flags, input['command']) : null,
    filePath: withPath.has(toolKind) && input !== null ? textField(flags, input['path'] ?? input['file_path']) : null,
    input,
  };
}
