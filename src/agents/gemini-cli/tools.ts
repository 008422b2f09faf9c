import type { ToolKind } from '../../core/event.ts';

const kindsByName = new Map<string, ToolKind>([
  ['run_shell_command', 'shell'],
  ['read_file', 'read'],
  ['read_many_files', 'read'],
  ['write_file', 'write'],
  ['replace', 'edit'],
  ['edit', 'edit'],
  ['list_directory', 'search'],
  ['glob', 'search'],
  ['grep_search', 'search'],
  ['search_file_content', 'search'],
  ['google_web_search', 'web'],
  ['web_fetch', 'web'],
  ['write_todos', 'plan'],
  ['enter_plan_mode', 'plan'],
  ['exit_plan_mode', 'plan'],
  ['codebase_investigator', 'subagent'],
  ['delegate_to_agent', 'subagent'],
  ['invoke_agent', 'subagent'],
  ['cli_help', 'subagent'],
  ['generalist', 'subagent'],
]);

/** MCP tools are `mcp_<server>_<tool>`, in older versions `<server>__<tool>`, or bare with a name for the person that says so. */
export function kindOf(name: string, displayName: string | null): ToolKind {
  const known = kindsByName.get(name);
  if (known !== undefined) return known;
  const isMcp = name.startsWith('mcp_') || name.includes('__') || displayName?.endsWith(' MCP Server)') === true;
  return isMcp ? 'mcp' : 'other';
}
