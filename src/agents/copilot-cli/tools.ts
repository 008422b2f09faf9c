import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

const kindsByName = new Map<string, ToolKind>([
  ['bash', 'shell'],
  ['powershell', 'shell'],
  ['shell', 'shell'],
  ['view', 'read'],
  ['create', 'write'],
  ['edit', 'edit'],
  ['str_replace_editor', 'edit'],
  ['apply_patch', 'edit'],
  ['glob', 'search'],
  ['grep', 'search'],
  ['rg', 'search'],
  ['web_fetch', 'web'],
  ['web_search', 'web'],
  ['task', 'subagent'],
  ['update_todo', 'plan'],
  ['sql', 'plan'],
  ['exit_plan_mode', 'plan'],
]);

/** Tools that give back a shell command's output, and so end with its exit code. */
const shellOutputTools = new Set([
  'read_bash',
  'write_bash',
  'stop_bash',
  'read_powershell',
  'write_powershell',
  'stop_powershell',
]);

/** A call as a request or an execution names it. */
interface CallFacts {
  readonly callId: string | null;
  readonly name: Json | undefined;
  readonly arguments: Json | undefined;
  readonly server: Json | undefined;
}

export function callFields(place: Place, facts: CallFacts): ToolCallFields {
  const toolName = textField(place.flags, facts.name) ?? 'unknown';
  const toolKind = kindsByName.get(toolName) ?? (asText(facts.server) === null ? 'other' : 'mcp');
  const input = inputOf(place, facts.arguments);
  return {
    callId: facts.callId,
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? commandOf(place, input) : null,
    filePath: input === null ? null : pathOf(place, toolKind, input),
    input,
  };
}

/** Whether the last line of the tool's result can be the exit code of a command. */
export function endsWithExitCode(toolName: string, toolKind: ToolKind): boolean {
  return toolKind === 'shell' || shellOutputTools.has(toolName);
}

/** Some versions write the object as JSON text; a tool with free input (a patch) has a text that is none. */
function inputOf(place: Place, written: Json | undefined): JsonObject | null {
  if (isObject(written)) return written;
  if (typeof written === 'string' && written !== '') return parsedObject(written) ?? { input: written };
  if (written !== undefined && written !== null && written !== '') flagOnce(place.flags, 'wrong_type');
  return null;
}

function parsedObject(text: string): JsonObject | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function commandOf(place: Place, input: JsonObject): string | null {
  return textField(place.flags, input['command'] ?? input['input']);
}

function pathOf(place: Place, kind: ToolKind, input: JsonObject): string | null {
  if (kind !== 'read' && kind !== 'edit' && kind !== 'write') return null;
  return textField(place.flags, input['path']) ?? patchedPath(input);
}

/** The first file that a patch names. */
function patchedPath(input: JsonObject): string | null {
  const patch = asText(input['input']) ?? asText(input['patch']);
  return patch === null ? null : (/^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(patch)?.[1]?.trim() ?? null);
}
