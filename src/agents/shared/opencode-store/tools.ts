import type { ToolCallFields, ToolKind } from '../../../core/event.ts';
import { asArray, asText, type JsonObject } from '../../../core/json.ts';
import { objectField, textField, type Flags } from '../fields.ts';

const kindsByName = new Map<string, ToolKind>([
  ['bash', 'shell'],
  ['shell', 'shell'],
  ['read', 'read'],
  ['edit', 'edit'],
  ['multiedit', 'edit'],
  ['patch', 'edit'],
  ['apply_patch', 'edit'],
  ['write', 'write'],
  ['glob', 'search'],
  ['grep', 'search'],
  ['list', 'search'],
  ['codesearch', 'search'],
  ['lsp', 'search'],
  ['webfetch', 'web'],
  ['websearch', 'web'],
  ['task', 'subagent'],
  ['todowrite', 'plan'],
  ['todoread', 'plan'],
  ['plan_enter', 'plan'],
  ['plan_exit', 'plan'],
]);

/** The call of a tool part, with what views ask for taken out of its input. */
export function callOf(flags: Flags, part: JsonObject, state: JsonObject, callId: string | null): ToolCallFields {
  const toolName = textField(flags, part['tool']) ?? 'unknown';
  const toolKind = kindOf(toolName);
  // While a call streams in, the second generation holds its input as a text that is not whole yet.
  const input = typeof state['input'] === 'string' ? null : objectField(flags, state['input']);
  return {
    callId,
    toolName,
    toolKind,
    command: toolKind === 'shell' && input !== null ? commandOf(flags, input) : null,
    filePath: input === null ? null : pathOf(flags, toolKind, input),
    input,
  };
}

/** Tools of MCP servers are called `<server>_<tool>`. */
function kindOf(name: string): ToolKind {
  return kindsByName.get(name) ?? (/^[^_]+_./.test(name) ? 'mcp' : 'other');
}

function commandOf(flags: Flags, input: JsonObject): string | null {
  const words = asArray(input['command'])?.map((word) => asText(word) ?? '');
  return words === undefined ? textField(flags, input['command']) : words.join(' ');
}

function pathOf(flags: Flags, kind: ToolKind, input: JsonObject): string | null {
  if (kind !== 'read' && kind !== 'edit' && kind !== 'write') return null;
  const path = textField(flags, input['filePath'] ?? input['file_path'] ?? input['path']);
  return path ?? firstPatched(asText(input['patchText']) ?? '');
}

/** A patch names its files in lines of its own. */
function firstPatched(patch: string): string | null {
  return /^\*\*\* (?:Update|Add|Delete) File: (.+)$/m.exec(patch)?.[1]?.trim() ?? null;
}
