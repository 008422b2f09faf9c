import type { ToolKind } from '../../core/event.ts';

const kindsByName = new Map<string, ToolKind>([
  ['run_shell_command', 'shell'],
  ['read_file', 'read'],
  ['read_many_files', 'read'],
  ['write_file', 'write'],
  ['edit', 'edit'],
  ['replace', 'edit'],
  ['notebook_edit', 'edit'],
  ['list_directory', 'search'],
  ['glob', 'search'],
  ['grep_search', 'search'],
  ['search_file_content', 'search'],
  ['web_fetch', 'web'],
  ['web_search', 'web'],
  ['todo_write', 'plan'],
  ['task_create', 'plan'],
  ['task_get', 'plan'],
  ['task_list', 'plan'],
  ['task_update', 'plan'],
  ['enter_plan_mode', 'plan'],
  ['exit_plan_mode', 'plan'],
  ['task', 'subagent'],
  ['agent', 'subagent'],
]);

export function kindOf(name: string): ToolKind {
  return kindsByName.get(name) ?? (name.startsWith('mcp_') || name.includes('__') ? 'mcp' : 'other');
}
