import { asText, isObject, type JsonObject } from '../../core/json.ts';
import { innerCalls, type InnerCall } from './javascript.ts';

/** A script of code mode that was called, and which calls in it still want a result. */
export interface Script {
  readonly calls: readonly ScriptCall[];
  /** The call of the script itself stands for what could not be read in it. */
  readonly isCalled: boolean;
  /** What the script printed by `notify` before it ended. */
  printed: string[];
}

export interface ScriptCall {
  readonly callId: string;
  readonly toolName: string;
  readonly input: JsonObject | null;
  readonly isShell: boolean;
  readonly prints: boolean;
}

/** Tools whose calls a paginated file holds as items of their own, which know more than the script. */
const toldByItems = /^(?:exec_command|shell|shell_command|apply_patch|web_search|mcp__.+|[\w-]+__.+)$/;
const shells = /^(?:exec_command|shell|shell_command|write_stdin)$/;

/** The calls in a script that can be read; those that items tell are left to them. */
export function scriptOf(callId: string, script: string, isPaginated: boolean): Script {
  const found = innerCalls(script);
  const told = (call: InnerCall): boolean => isPaginated && toldByItems.test(call.name);
  const calls = found
    .map((call, index) => ({ call, id: `${callId}#${index + 1}` }))
    .filter(({ call }) => !told(call) && call.argument !== undefined)
    .map(({ call, id }) => ({
      callId: id,
      toolName: call.name,
      input: argumentObject(call.argument),
      isShell: shells.test(call.name),
      prints: call.prints,
    }));
  const isCalled = found.length === 0 || found.some((call) => !told(call) && call.argument === undefined);
  return { calls, isCalled, printed: [] };
}

function argumentObject(argument: InnerCall['argument']): JsonObject | null {
  if (isObject(argument)) return argument;
  const text = asText(argument);
  return text === null ? null : { input: text };
}

/** The call that the script's output belongs to: the last that prints, else the last; null when it is the script's own. */
export function answeredCall(script: Script, answered: ReadonlySet<string>): ScriptCall | null {
  if (script.isCalled) return null;
  const open = script.calls.filter(({ callId }) => !answered.has(callId));
  return open.findLast(({ prints }) => prints) ?? open.at(-1) ?? null;
}

/** The oldest call of a tool in the scripts that still run, which an end without a known call belongs to. */
export function openCallOf(
  scripts: ReadonlyMap<string, Script>,
  isTool: (name: string) => boolean,
  answered: ReadonlySet<string>,
): ScriptCall | null {
  for (const { calls } of scripts.values()) {
    const call = calls.find(({ toolName, callId }) => isTool(toolName) && !answered.has(callId));
    if (call !== undefined) return call;
  }
  return null;
}
