import type { AgentEvent, ToolCallFields } from '../../core/event.ts';
import { asBoolean, asNumber, asObject, asText, type JsonObject } from '../../core/json.ts';
import { meta, toolCall, toolResult } from '../shared/events.ts';
import { flagOnce, objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { ownTsOf } from './locate.ts';
import { exitCodeIn, outcomeOf, outcomeOfDecision } from './outcome.ts';
import type { Call, Source } from './source.ts';
import { secondsBetween } from './spans.ts';
import { callFields, endsWithExitCode } from './tools.ts';

/** A call in `assistant.message.toolRequests`. */
export function requestCall(place: Place, index: number, request: JsonObject, source: Source): readonly AgentEvent[] {
  const callId = textField(place.flags, request['toolCallId']);
  const { name, arguments: written, mcpServerName: server } = request;
  return mention(place, index, callFields(place, { callId, name, arguments: written, server }), source);
}

/** The same call again when it runs; the only record of it in some versions. */
export function startCall(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const callId = textField(place.flags, data['toolCallId']);
  const { toolName: name, arguments: written, mcpServerName: server } = data;
  const events = [...mention(place, 0, callFields(place, { callId, name, arguments: written, server }), source)];
  const call = callId === null ? undefined : source.calls.get(callId);
  if (call !== undefined) {
    call.startedTs = ownTsOf(place);
    if (events.length === 0 && !call.byPerson) events.push(...tellWaiting(call));
  }
  return events.length > 0 ? events : [meta(place, 'internal', 0, null)];
}

/** `!cmd` typed by the person; its run is recorded like that of a call. */
export function personCall(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const callId = textField(place.flags, data['toolCallId']);
  const facts = { callId, name: data['toolName'], arguments: data['arguments'], server: undefined };
  const { command, input, toolName, toolKind } = callFields(place, facts);
  const before = callId === null ? undefined : source.calls.get(callId);
  const waiting = before === undefined ? [] : tellWaiting(before);
  if (callId !== null) source.calls.set(callId, { ...newCall(place, callId, true), toolName, toolKind, told: true });
  return [...waiting, meta(place, 'shell', 0, command ?? (input === null ? null : JSON.stringify(input)))];
}

export function completeCall(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const callId = textField(place.flags, data['toolCallId']);
  const call = callId === null ? undefined : source.calls.get(callId);
  const text = resultText(place, data, call);
  if (call?.byPerson === true || data['isUserRequested'] === true) {
    if (call !== undefined) call.ended = true;
    return [meta(place, 'shell_output', 0, text)];
  }
  const exitCode = exitCodeOf(data, text, call);
  const success = asBoolean(data['success']);
  if (success === null && data['success'] !== undefined) flagOnce(place.flags, 'wrong_type');
  const refusal = success === true ? null : (call?.refusal?.outcome ?? null);
  const errorCode = asText(asObject(data['error'])?.['code']);
  const outcome = outcomeOf({ success, errorCode, text, exitCode, refusal });
  const result = { callId, outcome, exitCode, durationS: call === undefined ? null : durationOf(call, place) };
  if (call === undefined || call.ended) return [toolResult(place, 0, text, result)];
  const waiting = tellWaiting(call);
  call.ended = true;
  return [...waiting, toolResult({ ...place, key: call.key }, 'result', text, result)];
}

/** The permission that a call waits for. */
export function requestPermission(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const request = objectField(place.flags, data['permissionRequest']);
  const requestId = textField(place.flags, data['requestId']);
  const callId = asText(request?.['toolCallId']);
  if (requestId !== null && callId !== null) source.callOfRequest.set(requestId, callId);
  return [meta(place, 'internal', 0, asText(request?.['intention']))];
}

/** Whether the call was allowed, and what the person wrote when it was not. */
export function decidePermission(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const result = objectField(place.flags, data['result']);
  const kind = textField(place.flags, result?.['kind']);
  const feedback = textField(place.flags, result?.['feedback']);
  const text = [kind, feedback].filter((part) => part !== null).join(': ');
  const requestId = textField(place.flags, data['requestId']);
  const callId = textField(place.flags, data['toolCallId']) ?? source.callOfRequest.get(requestId ?? '');
  const call = callId === undefined ? undefined : source.calls.get(callId);
  if (call !== undefined && !call.ended) {
    const outcome = outcomeOfDecision(kind);
    call.decidedTs = ownTsOf(place);
    call.refusal = outcome === null ? null : { place, outcome, text, feedback };
  }
  return [meta(place, 'internal', 0, text)];
}

/** At the end: calls whose input was never told, and refused calls for which no result was written. */
export function* closeCalls(source: Source): Generator<AgentEvent> {
  for (const call of source.calls.values()) {
    yield* tellWaiting(call);
    if (call.refusal === null || call.ended || call.byPerson) continue;
    const { place, outcome, text } = call.refusal;
    const result = { callId: call.callId, outcome, exitCode: null, durationS: null };
    yield toolResult({ ...place, key: call.key }, 'result', text, result);
  }
}

/** The first mention of a call with its input is its event; a mention without input waits for a better one. */
function mention(place: Place, index: number, fields: ToolCallFields, source: Source): readonly AgentEvent[] {
  const { callId } = fields;
  if (callId === null) return [toolCall(place, `call-${index}`, fields)];
  const known = source.calls.get(callId);
  const call = known === undefined || known.ended ? newCall(place, callId, false) : known;
  source.calls.set(callId, call);
  if (call.told) return [];
  call.toolName ??= fields.toolName;
  call.toolKind ??= fields.toolKind;
  if (fields.input === null) {
    call.waiting ??= { place, fields };
    return [];
  }
  call.told = true;
  call.waiting = null;
  return [toolCall({ ...place, key: call.firstKey }, `call:${callId}`, fields)];
}

function tellWaiting(call: Call): readonly AgentEvent[] {
  if (call.waiting === null) return [];
  const { place, fields } = call.waiting;
  call.waiting = null;
  call.told = true;
  return [toolCall({ ...place, key: call.firstKey }, `call:${call.callId}`, fields)];
}

function newCall(place: Place, callId: string, byPerson: boolean): Call {
  return {
    callId,
    firstKey: place.key,
    key: `${place.key}:call:${callId}`,
    byPerson,
    toolName: null,
    toolKind: null,
    waiting: null,
    told: false,
    startedTs: null,
    decidedTs: null,
    refusal: null,
    ended: false,
  };
}

/** From the run's start, or from the permission where it was asked for only then, to its end. */
function durationOf({ startedTs, decidedTs }: Call, place: Place): number | null {
  const from = startedTs === null || decidedTs === null ? startedTs : Math.max(startedTs, decidedTs);
  return secondsBetween(from, ownTsOf(place));
}

function exitCodeOf(data: JsonObject, text: string, call: Call | undefined): number | null {
  const written = asNumber(asObject(data['shellExecution'])?.['exitCode']);
  if (written !== null) return written;
  const { toolName, toolKind } = call ?? { toolName: null, toolKind: null };
  if (toolName !== null && toolKind !== null && !endsWithExitCode(toolName, toolKind)) return null;
  return exitCodeIn(text);
}

/** The output for the model, else the error; what the person wrote when refusing is a part of it. */
function resultText(place: Place, data: JsonObject, call: Call | undefined): string {
  const result = asObject(data['result']);
  const error = asObject(data['error']);
  const text =
    textField(place.flags, result?.['content']) ??
    asText(result?.['detailedContent']) ??
    textField(place.flags, error?.['message']) ??
    asText(data['error']) ??
    '';
  const feedback = call?.refusal?.feedback ?? null;
  return feedback === null || text.includes(feedback) ? text : `${text}\n${feedback}`.trimStart();
}
