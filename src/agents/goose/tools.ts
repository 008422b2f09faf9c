import type { ToolCallFields, ToolKind } from '../../core/event.ts';
import { asText, type Json, type JsonObject } from '../../core/json.ts';
import { objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

const kindsByTool = new Map<string, ToolKind>([
  ['shell', 'shell'],
  ['text_editor', 'edit'],
  ['write', 'write'],
  ['edit', 'edit'],
  ['read', 'read'],
  ['read_image', 'read'],
  ['image_processor', 'read'],
  ['tree', 'search'],
  ['glob', 'search'],
  ['ripgrep', 'search'],
  ['analyze', 'search'],
  ['web_scrape', 'web'],
  ['web_search', 'web'],
  ['create_task', 'subagent'],
  ['execute_task', 'subagent'],
  ['subagent', 'subagent'],
  ['delegate', 'subagent'],
  ['todo_read', 'plan'],
  ['todo_write', 'plan'],
]);

/** Extensions that come with the program; every other is a server of its own. */
const ownExtensions = new Set([
  'developer',
  'computercontroller',
  'memory',
  'todo',
  'platform',
  'subagent',
  'dynamic_task',
  'autovisualiser',
  'tutorial',
  'chatrecall',
  'extensionmanager',
  'skills',
]);

/** What `developer__text_editor` does is in its first argument. */
const editorKinds = new Map<string, ToolKind>([
  ['view', 'read'],
  ['write', 'write'],
]);

export function callFields(place: Place, callId: string | null, call: JsonObject | null): ToolCallFields {
  const toolName = textField(place.flags, call?.['name']) ?? 'unknown';
  const input = objectField(place.flags, call?.['arguments']);
  const toolKind = kindOf(toolName, input);
  return {
    callId,
    toolName,
    toolKind,
    command: toolKind === 'shell' ? textField(place.flags, input?.['command']) : null,
    filePath: hasPath(toolKind) ? pathIn(place, input) : null,
    input,
  };
}

/** `developer__shell`; newer versions write the tools of their own without the extension. */
function kindOf(toolName: string, input: JsonObject | null): ToolKind {
  const [extension, ...rest] = toolName.split('__');
  const own = rest.length === 0 || ownExtensions.has(extension ?? '');
  if (!own) return 'mcp';
  const tool = rest.at(-1) ?? toolName;
  const editing = tool === 'text_editor' ? editorKinds.get(asText(input?.['command']) ?? '') : undefined;
  return editing ?? kindsByTool.get(tool) ?? 'other';
}

function hasPath(kind: ToolKind): boolean {
  return kind === 'read' || kind === 'edit' || kind === 'write';
}

function pathIn(place: Place, input: JsonObject | null): string | null {
  const written: Json | undefined = input?.['path'] ?? input?.['file_path'];
  return textField(place.flags, written);
}
