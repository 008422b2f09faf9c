import type { ToolCallFields, ToolKind } from '../../../core/event.ts';
import { asText, type JsonObject } from '../../../core/json.ts';
import { textField, type Flags } from '../fields.ts';
import { parsedText } from './message.ts';

type Request = Omit<ToolCallFields, 'callId'>;

/** Names in the `tool` field of a request; the reference lists none, so a name that is not here is `other`. */
const kindsByName = new Map<string, ToolKind>([
  ['readFile', 'read'],
  ['newFileCreated', 'write'],
  ['editedExistingFile', 'edit'],
  ['appliedDiff', 'edit'],
  ['insertContent', 'edit'],
  ['searchAndReplace', 'edit'],
  ['fileDeleted', 'edit'],
  ['listFilesTopLevel', 'search'],
  ['listFilesRecursive', 'search'],
  ['listCodeDefinitionNames', 'search'],
  ['searchFiles', 'search'],
  ['codebaseSearch', 'search'],
  ['webFetch', 'web'],
  ['webSearch', 'web'],
  ['newTask', 'subagent'],
  ['updateTodoList', 'plan'],
]);

/** The program marks a command that the model wants to be asked about, at the end of its text. */
const ASKED_FOR = /REQ_APP$/;

/** What a message asks for; null when it asks for no tool. `type` is its `ask` or `say`. */
export function requestOf(flags: Flags, type: string, message: JsonObject): Request | null {
  switch (type) {
    case 'command':
      return commandRequest(textField(flags, message['text']));
    case 'tool':
      return toolRequest(flags, message);
    case 'use_mcp_server':
      return mcpRequest(flags, message);
    case 'browser_action_launch':
    case 'browser_action':
      return plainRequest(type, 'web', message);
    case 'new_task':
    case 'report_bug':
      return plainRequest(type, 'other', message);
    default:
      return null;
  }
}

function commandRequest(text: string | null): Request {
  const command = text?.replace(ASKED_FOR, '') ?? null;
  const input = command === null ? null : { command };
  return { toolName: 'command', toolKind: 'shell', command, filePath: null, input };
}

function toolRequest(flags: Flags, message: JsonObject): Request {
  const input = parsedText(message);
  const toolName = input === null ? null : textField(flags, input['tool']);
  if (input === null || toolName === null) return plainRequest('tool', 'other', message);
  const toolKind = kindsByName.get(toolName) ?? 'other';
  const worksOnFile = toolKind === 'read' || toolKind === 'edit' || toolKind === 'write';
  return { toolName, toolKind, command: null, filePath: worksOnFile ? textField(flags, input['path']) : null, input };
}

function mcpRequest(flags: Flags, message: JsonObject): Request {
  const input = parsedText(message);
  if (input === null) return plainRequest('use_mcp_server', 'mcp', message);
  const toolName = textField(flags, input['toolName']) ?? textField(flags, input['type']) ?? 'use_mcp_server';
  return { toolName, toolKind: 'mcp', command: null, filePath: null, input };
}

function plainRequest(toolName: string, toolKind: ToolKind, message: JsonObject): Request {
  const text = asText(message['text']);
  const input = parsedText(message) ?? (text === null ? null : { text });
  return { toolName, toolKind, command: null, filePath: null, input };
}
