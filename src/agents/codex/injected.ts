import type { MetaSubtype } from '../../core/event.ts';

/** What a text that travels as "user" is, when no person typed it. */
export interface Injected {
  readonly subtype: MetaSubtype;
  readonly text: string;
}

/** Beginnings of texts that the program adds (formats.md 2.8). */
const beginnings: readonly (readonly [string, MetaSubtype])[] = [
  ['# AGENTS.md instructions', 'context'],
  ['<user_instructions>', 'context'],
  ['<environment_context>', 'context'],
  ['<environments_instructions>', 'context'],
  ['<permissions instructions>', 'context'],
  ['<skill>', 'skill'],
  ['<turn_aborted>', 'context'],
  ['<subagent_notification>', 'notification'],
  ['<codex_internal_context', 'context'],
  ['<goal_context>', 'context'],
  ['<recommended_plugins>', 'context'],
  ['<hook_prompt', 'context'],
  ['<collaboration_mode>', 'context'],
  ['<model_switch>', 'context'],
  ['<user_action>', 'context'],
];

const SHELL_START = '<user_shell_command>';
const REQUEST_START = /^## My request for Codex:[ \t]*\r?\n?/m;

/** Null for a text that a person may have typed. */
export function injectedOf(text: string): readonly Injected[] | null {
  const start = text.trimStart();
  if (start.startsWith(SHELL_START)) return shellOf(start);
  const subtype = beginnings.find(([beginning]) => start.startsWith(beginning))?.[1];
  return subtype === undefined ? null : [{ subtype, text }];
}

/** `!command` of a person, with what it printed. */
function shellOf(text: string): readonly Injected[] {
  const command = inside(text, 'command');
  const result = inside(text, 'result');
  const events: Injected[] = [{ subtype: 'shell', text: command ?? text }];
  if (result !== null) events.push({ subtype: 'shell_output', text: result });
  return events;
}

/** What an editor puts before the prompt, and the prompt. */
export function splitRequest(text: string): { readonly context: string | null; readonly request: string } {
  const match = REQUEST_START.exec(text);
  if (match === null) return { context: null, request: text };
  return { context: text.slice(0, match.index).trimEnd(), request: text.slice(match.index + match[0].length) };
}

/** What stands between two tags, without the line feeds beside them; null when they are not there. */
export function inside(text: string, tag: string): string | null {
  const open = `<${tag}>`;
  const start = text.indexOf(open);
  const end = start === -1 ? -1 : text.indexOf(`</${tag}>`, start);
  return end === -1
    ? null
    : text
        .slice(start + open.length, end)
        .replace(/^\r?\n/, '')
        .replace(/\r?\n$/, '');
}
