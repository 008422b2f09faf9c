import type { AgentEvent } from '../../core/event.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import { meta, toolCall, toolResult } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Owned } from './lineage.ts';
import { callName, contentName, placeOf } from './locate.ts';
import { commandLine } from './shell-words.ts';
import { typedInto } from './running.ts';
import { scriptOf } from './script.ts';
import type { OpenCall, Source } from './source.ts';
import { callFields, fullName, inputOf, terminalOf } from './tools.ts';

/** The event of one call, which is remembered until its result comes. */
export function callEvent(
  owned: Owned,
  callId: string | null,
  toolName: string,
  input: JsonObject | null,
  source: Source,
): AgentEvent {
  const place = placeOf(owned, callId === null ? contentName(owned) : callName(owned, 'call', callId), source);
  const call = callFields(place.flags, callId, toolName, input, source);
  if (callId !== null) {
    const terminal = toolName === 'write_stdin' ? terminalOf(input?.['session_id']) : null;
    if (terminal !== null) typedInto(terminal, input, source);
    remember(callId, { isShell: call.toolKind === 'shell', command: call.command, terminal }, source);
  }
  return toolCall(place, 0, call);
}

/** Some providers count calls anew in each turn: an id that was answered before is that of another call. */
function remember(callId: string, call: OpenCall, source: Source): void {
  source.calls.set(callId, call);
  source.answered.delete(callId);
}

/** `function_call`, and the `tool_call`s of free text. */
export function functionCall(owned: Owned, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  const name = asText(payload['name']) ?? 'unknown';
  const input = inputOf(payload['arguments']);
  return [callEvent(owned, callIdOf(payload), fullName(name, asText(payload['namespace'])), input, source)];
}

export function customToolCall(owned: Owned, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  const name = fullName(asText(payload['name']) ?? 'unknown', asText(payload['namespace']));
  const written = payload['input'];
  const callId = callIdOf(payload);
  if (name === 'exec' && typeof written === 'string' && callId !== null) {
    return scriptCalls(owned, callId, written, source);
  }
  return [callEvent(owned, callId, name, typeof written === 'string' ? { input: written } : inputOf(written), source)];
}

/** Code mode: the calls in the script, and the script itself where some of it cannot be read (formats.md 2.5). */
function scriptCalls(owned: Owned, callId: string, text: string, source: Source): AgentEvent[] {
  const script = scriptOf(callId, text, owned.thread.isPaginated);
  source.scripts.set(callId, script);
  const events = script.calls.map((call) => callEvent(owned, call.callId, call.toolName, call.input, source));
  if (script.isCalled) return [callEvent(owned, callId, 'exec', { input: text }, source), ...events];
  return events.length > 0 ? events : [meta(placeOf(owned, contentName(owned), source), 'internal', 0, text)];
}

export function localShellCall(owned: Owned, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  const place = placeOf(owned, contentName(owned), source);
  const action = inputOf(payload['action']);
  const command = commandLine(place.flags, action?.['command']);
  const callId = callIdOf(payload);
  if (callId !== null) remember(callId, { isShell: true, command, terminal: null }, source);
  const key = callId === null ? place.key : source.occurrences.next(callName(owned, 'call', callId));
  const fields = {
    callId,
    toolName: 'local_shell',
    toolKind: 'shell',
    command,
    filePath: null,
    input: action,
  } as const;
  return [toolCall({ ...place, key }, 0, fields)];
}

/** Calls that the model's servers answer themselves: call and result are one item. */
export function servedCall(owned: Owned, toolName: string, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  const callId = callIdOf(payload);
  const call = callEvent(owned, callId, toolName, inputOf(payload['action']), source);
  const status = asText(payload['status']);
  if (callId === null || (status !== 'completed' && status !== 'failed')) return [call];
  source.answered.add(callId);
  const place = placeOf(owned, callName(owned, 'result', callId), source);
  const outcome = status === 'completed' ? 'ok' : 'error';
  return [call, toolResult(place, 0, '', { callId, outcome, exitCode: null, durationS: null })];
}

export function toolSearchCall(owned: Owned, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  return [callEvent(owned, callIdOf(payload), 'tool_search', inputOf(payload['arguments']), source)];
}

function callIdOf(payload: JsonObject): string | null {
  return textField([], payload['call_id']) ?? textField([], payload['id']);
}
