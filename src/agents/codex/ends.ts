import type { AgentEvent, Outcome } from '../../core/event.ts';
import { asArray, asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { meta } from '../shared/events.ts';
import { mirror, resultEvent } from './answers.ts';
import { callEvent } from './calls.ts';
import { contentText } from './content.ts';
import type { Owned } from './lineage.ts';
import { contentName, placeOf } from './locate.ts';
import { outcomeOfExit } from './outcome.ts';
import { errorText } from './output.ts';
import { openCallOf } from './script.ts';
import { commandLine } from './shell-words.ts';
import type { ResultFields, Source } from './source.ts';
import { fullName } from './tools.ts';

/** How a call ended, as the client recorded it: better than the output for the model, which may follow (formats.md 2.4). */
interface End {
  readonly callId: string | null;
  readonly toolName: string;
  readonly isTool: (name: string) => boolean;
  /** Input of a call that only its end tells. */
  readonly input: JsonObject;
  readonly text: string;
  readonly fields: ResultFields;
}

/** `exec_command_end`, and the item `CommandExecution`. */
export function commandEnd(owned: Owned, fields: JsonObject, source: Source): AgentEvent[] {
  if (fields['source'] === 'user_shell' || fields['source'] === 'userShell')
    return personsCommand(owned, fields, source);
  const text = outputText(fields);
  const exitCode = asNumber(fields['exit_code']);
  const command = commandLine([], fields['command']);
  const told = outcomeOfStatus(fields['status']);
  const outcome = exitCode === null || told === 'rejected' ? (told ?? 'unknown') : outcomeOfExit(exitCode, text);
  const events = endEvents(owned, source, {
    callId: callIdOf(fields),
    toolName: 'exec_command',
    isTool: (name) => /^(?:exec_command|shell|shell_command)$/.test(name),
    input: { cmd: command ?? '' },
    text,
    fields: { outcome, exitCode, durationS: durationOf(owned, fields) },
  });
  source.unfinished.delete(callIdOf(fields) ?? '');
  return events;
}

/** `patch_apply_end`, and the item `FileChange`. */
export function patchEnd(owned: Owned, fields: JsonObject, source: Source): AgentEvent[] {
  const { success, changes } = fields;
  const files = isObject(changes) ? Object.keys(changes).sort() : [];
  const isOk = typeof success === 'boolean' ? success : fields['status'] === 'completed';
  const outcome = outcomeOfStatus(fields['status']) ?? (isOk ? 'ok' : 'error');
  return endEvents(owned, source, {
    callId: callIdOf(fields),
    toolName: 'apply_patch',
    isTool: (name) => name === 'apply_patch',
    input: { input: files.map((file) => `*** Update File: ${file}`).join('\n') },
    text: outputText(fields),
    fields: { outcome, exitCode: null, durationS: durationOf(owned, fields) },
  });
}

/** `mcp_tool_call_end`, and the item `McpToolCall`. */
export function serverToolEnd(owned: Owned, fields: JsonObject, source: Source): AgentEvent[] {
  const invocation = isObject(fields['invocation']) ? fields['invocation'] : fields;
  const toolName = fullName(
    asText(invocation['tool']) ?? 'unknown',
    `mcp__${asText(invocation['server']) ?? 'unknown'}`,
  );
  const { text, outcome } = serverResult(fields);
  const input = invocation['arguments'];
  return endEvents(owned, source, {
    callId: callIdOf(fields),
    toolName,
    isTool: (name) => name === toolName,
    input: isObject(input) ? input : {},
    text,
    fields: {
      outcome: outcomeOfStatus(fields['status']) ?? outcome,
      exitCode: null,
      durationS: durationOf(owned, fields),
    },
  });
}

/** The result of a call that was read, else of an open one in a script, else of one that only its end tells. */
function endEvents(owned: Owned, source: Source, end: End): AgentEvent[] {
  const { callId, text, fields } = end;
  if (callId !== null && source.calls.has(callId)) return [resultEvent(owned, callId, text, fields, source)];
  const inner = openCallOf(source.scripts, end.isTool, source.answered);
  if (inner !== null) return [resultEvent(owned, inner.callId, text, fields, source)];
  if (callId === null) return [mirror(owned, source)];
  const call = callEvent(owned, callId, end.toolName, end.input, source);
  return [call, resultEvent(owned, callId, text, fields, source)];
}

/** `!command`: a person ran it. */
function personsCommand(owned: Owned, fields: JsonObject, source: Source): AgentEvent[] {
  const place = placeOf(owned, contentName(owned), source);
  const command = commandLine(place.flags, fields['command']);
  return [meta(place, 'shell', 0, command), meta(place, 'shell_output', 1, outputText(fields))];
}

/** `declined` is a person's no; other states say less than exit code and success do. */
function outcomeOfStatus(status: Json | undefined): Outcome | null {
  if (status === 'declined') return 'rejected';
  return status === 'failed' ? 'error' : null;
}

function serverResult(fields: JsonObject): { readonly text: string; readonly outcome: Outcome } {
  const { result, error } = fields;
  const failure = isObject(result) ? errorText(result['Err']) : null;
  const refused = failure ?? errorText(error);
  if (refused !== null) return { text: refused, outcome: /\btimed out\b/.test(refused) ? 'timeout' : 'error' };
  const ok = isObject(result) ? (isObject(result['Ok']) ? result['Ok'] : result) : null;
  if (ok === null) return { text: '', outcome: 'unknown' };
  const isError = ok['isError'] === true || ok['is_error'] === true;
  return { text: contentText(ok['content']), outcome: isError ? 'error' : 'ok' };
}

function outputText(fields: JsonObject): string {
  const whole = asText(fields['aggregated_output']);
  if (whole !== null) return whole;
  return [asText(fields['stdout']), asText(fields['stderr'])].filter((text) => text !== null).join('\n');
}

/** Seconds: of the record, of two parts, or between its exact start and end. */
function durationOf({ entry }: Owned, { duration, duration_ms: ms }: JsonObject): number | null {
  if (isObject(duration)) {
    const [secs, nanos] = [asNumber(duration['secs']), asNumber(duration['nanos'])];
    return secs === null && nanos === null ? null : Math.round(((secs ?? 0) + (nanos ?? 0) / 1e9) * 1e6) / 1e6;
  }
  const milliseconds = asNumber(ms) ?? asNumber(entry.payload['duration_ms']);
  if (milliseconds !== null) return milliseconds / 1000;
  const started = asNumber(entry.payload['started_at_ms']);
  const completed = asNumber(entry.payload['completed_at_ms']);
  if (started === null || completed === null || completed < started) return null;
  return (completed - started) / 1000;
}

function callIdOf(fields: JsonObject): string | null {
  return asText(fields['call_id']) ?? asText(fields['id']);
}

/** Items that hold a list of changes instead of an object by path. */
export function changesOf(item: JsonObject): JsonObject {
  const listed = asArray(item['changes']);
  if (listed === null) return item;
  const paths = listed
    .map((change) => (isObject(change) ? asText(change['path']) : null))
    .filter((path) => path !== null);
  return { ...item, changes: Object.fromEntries(paths.map((path) => [path, {}])) };
}
