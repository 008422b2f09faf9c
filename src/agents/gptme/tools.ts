import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import { asText } from '../../core/json.ts';
import type { WrittenCall } from './written-call.ts';

const kindsByName = new Map<string, ToolKind>([
  ['shell', 'shell'],
  ['read', 'read'],
  ['save', 'write'],
  ['append', 'write'],
  ['patch', 'edit'],
  ['morph', 'edit'],
  ['rag', 'search'],
  ['chats', 'search'],
  ['browser', 'web'],
  ['youtube', 'web'],
  ['subagent', 'subagent'],
  ['todo', 'plan'],
  ['todoread', 'plan'],
  ['todowrite', 'plan'],
  ['mcp', 'mcp'],
]);

/** Name and arguments of a call; code for Python is no shell command. */
export function callFields(call: WrittenCall, callId: string): ToolCallFields {
  const toolKind = kindsByName.get(call.toolName) ?? 'other';
  return {
    callId,
    toolName: call.toolName,
    toolKind,
    command: toolKind === 'shell' ? (asText(call.input?.['command']) ?? call.content) : null,
    filePath: pathOf(call, toolKind),
    input: call.input,
  };
}

function pathOf({ input, argument, content }: WrittenCall, kind: ToolKind): string | null {
  if (kind !== 'read' && kind !== 'write' && kind !== 'edit') return null;
  const named = asText(input?.['path']) ?? (argument === '' ? null : argument);
  if (named !== null || kind !== 'read' || content === null) return named;
  const only = content.trim();
  return only === '' || only.includes('\n') ? null : only;
}
