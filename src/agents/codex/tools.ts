import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import { asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { textField, type Flags } from '../shared/fields.ts';
import { firstFileOf, isPatchCommand } from './patches.ts';
import { commandLine } from './shell-words.ts';
import type { Source } from './source.ts';

const kindsByName = new Map<string, ToolKind>([
  ['shell', 'shell'],
  ['container.exec', 'shell'],
  ['local_shell', 'shell'],
  ['shell_command', 'shell'],
  ['exec_command', 'shell'],
  ['unified_exec', 'shell'],
  ['write_stdin', 'shell'],
  ['apply_patch', 'edit'],
  ['view_image', 'read'],
  ['read_file', 'read'],
  ['grep_files', 'search'],
  ['list_dir', 'search'],
  ['tool_search', 'search'],
  ['web_search', 'web'],
  ['update_plan', 'plan'],
  ['spawn_agent', 'subagent'],
  ['send_input', 'subagent'],
  ['send_message', 'subagent'],
  ['followup_task', 'subagent'],
  ['wait', 'subagent'],
  ['wait_agent', 'subagent'],
  ['close_agent', 'subagent'],
  ['resume_agent', 'subagent'],
  ['list_agents', 'subagent'],
]);

/** `mcp__server` and `tool` as one name; a name that begins with `_` belongs right behind its namespace. */
export function fullName(name: string, namespace: string | null): string {
  if (namespace === null) return name;
  return namespace.endsWith('_') || name.startsWith('_') ? `${namespace}${name}` : `${namespace}__${name}`;
}

/** The arguments of a call: a JSON text, an object, or the free text of a custom tool. */
export function inputOf(written: Json | undefined): JsonObject | null {
  if (isObject(written)) return written;
  if (typeof written !== 'string') return written === undefined || written === null ? null : { arguments: written };
  return parsedObject(written) ?? (written === '' ? null : { input: written });
}

/** What views ask for, taken out of a call's input. */
export function callFields(
  flags: Flags,
  callId: string | null,
  toolName: string,
  input: JsonObject | null,
  source: Source,
): ToolCallFields {
  const kind = kindOf(toolName, input, source);
  const command = kind === 'shell' ? commandOf(flags, toolName, input) : null;
  // A patch that is given to a shell is an edit like any other.
  const toolKind = command !== null && isPatchCommand(command) ? 'edit' : kind;
  return {
    callId,
    toolName,
    toolKind,
    command: toolKind === 'shell' ? command : null,
    filePath: toolKind === 'edit' ? firstFileOf(command ?? patchOf(input)) : pathOf(flags, toolKind, input),
    input,
  };
}

function kindOf(toolName: string, input: JsonObject | null, source: Source): ToolKind {
  // A look at a running command, or text typed into it, is no command of its own.
  if (toolName === 'write_stdin' && source.running.has(terminalOf(input?.['session_id']))) return 'other';
  // In code mode `wait` waits for a script.
  if (toolName === 'wait' && input?.['cell_id'] !== undefined) return 'other';
  const known = kindsByName.get(toolName);
  if (known !== undefined) return known;
  return toolName.startsWith('mcp__') || /^[\w-]+__[\w-]/.test(toolName) ? 'mcp' : 'other';
}

function commandOf(flags: Flags, toolName: string, input: JsonObject | null): string | null {
  // What is typed into a command is no command line.
  if (input === null || toolName === 'write_stdin') return null;
  return commandLine(flags, input['cmd'] ?? input['command']);
}

function patchOf(input: JsonObject | null): string {
  return asText(input?.['input']) ?? asText(input?.['patch']) ?? '';
}

function pathOf(flags: Flags, kind: ToolKind, input: JsonObject | null): string | null {
  if (input === null || (kind !== 'read' && kind !== 'write')) return null;
  return textField(flags, input['path'] ?? input['file_path']);
}

/** The id of a terminal session, which is written as a number or as text. */
export function terminalOf(value: Json | undefined): string {
  return asText(value) ?? String(asNumber(value) ?? '');
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
