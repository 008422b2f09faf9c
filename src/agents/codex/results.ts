import type { AgentEvent, Outcome } from '../../core/event.ts';
import { asArray, asText, isObject } from '../../core/json.ts';
import { meta, toolResult } from '../shared/events.ts';
import { mirror, resultEvent } from './answers.ts';
import { callEvent } from './calls.ts';
import type { Owned } from './lineage.ts';
import { contentName, placeOf } from './locate.ts';
import { outcomeOf, outcomeOfExit, sandboxExitCode, secondsUntilAbort } from './outcome.ts';
import { outputOf, printedExitCodes, type Output } from './output.ts';
import { keepRunning, lookedAt } from './running.ts';
import { answeredCall, type Script } from './script.ts';
import type { ResultFields, Source } from './source.ts';

/** `function_call_output` and `custom_tool_call_output`. */
export function callOutput(owned: Owned, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  const callId = asText(payload['call_id']);
  const output = outputOf(payload['output']);
  if (callId === null) return [resultWithoutCall(owned, output, source)];
  const script = source.scripts.get(callId);
  if (script !== undefined) return scriptOutput(owned, callId, script, output, source);
  if (source.answered.has(callId)) return [mirror(owned, source)];
  const looked = source.calls.get(callId)?.terminal ?? null;
  const fields = fieldsOf(output, callId, source);
  if (looked === null && output.terminal !== null) {
    keepRunning(owned, callId, output, fields, source);
    return [mirror(owned, source)];
  }
  const told = looked === null ? [] : lookedAt(owned, looked, output, source);
  return [resultEvent(owned, callId, output.text, fields, source), ...told];
}

function resultWithoutCall(owned: Owned, output: Output, source: Source): AgentEvent {
  const place = placeOf(owned, contentName(owned), source);
  const { exitCode, durationS } = output;
  return toolResult(place, 0, output.text, { callId: null, outcome: outcomeOf(output, false), exitCode, durationS });
}

function fieldsOf(output: Output, callId: string, source: Source): ResultFields {
  const call = source.calls.get(callId);
  // The command's own result tells how it ended: looking at it did not fail.
  if (call !== undefined && isLook(call.terminal, output, source)) {
    return { outcome: 'ok', exitCode: null, durationS: output.durationS };
  }
  const exitCode = output.exitCode ?? sandboxExitCode(output.text);
  return {
    outcome: outcomeOf(output, call?.isShell ?? false),
    exitCode,
    durationS: output.durationS ?? secondsUntilAbort(output.text),
  };
}

/** A look at a known command that saw it run, or its end. */
function isLook(terminal: string | null, output: Output, source: Source): boolean {
  return terminal !== null && source.running.has(terminal) && (output.terminal ?? output.exitCode) !== null;
}

/** A script that was stopped says so instead of how it ended. */
const stopped = new Set<Outcome>(['rejected', 'interrupted', 'denied']);

/** What a script printed: given to the call in it that prints last, its exit codes to the commands in it. */
function scriptOutput(owned: Owned, callId: string, script: Script, output: Output, source: Source): AgentEvent[] {
  if (output.script === null && !stopped.has(outcomeOf(output, false))) {
    // `notify` prints before the script ends.
    script.printed.push(output.text);
    return [mirror(owned, source)];
  }
  source.scripts.delete(callId);
  const whole = { ...output, text: [...script.printed, output.text].join('\n') };
  const outcome = outcomeOf(output, false);
  const durationS = output.durationS;
  const codes = exitCodes(script, whole.text);
  const answered = script.isCalled ? { callId, isShell: false } : answeredCall(script, source.answered);
  const events: AgentEvent[] = [];
  for (const [index, call] of script.calls.filter(({ isShell }) => isShell).entries()) {
    const exitCode = codes[index];
    if (exitCode === undefined || call.callId === answered?.callId || source.answered.has(call.callId)) continue;
    const fields = { outcome: outcomeOfExit(exitCode, ''), exitCode, durationS: null };
    events.push(resultEvent(owned, call.callId, '', fields, source));
  }
  if (answered === null) events.push(...unclaimedOutput(owned, callId, whole, outcome, source));
  else {
    const exitCode =
      codes[script.calls.filter(({ isShell }) => isShell).findIndex((call) => call.callId === answered.callId)] ?? null;
    const told = exitCode === null || outcome !== 'ok' ? outcome : outcomeOfExit(exitCode, '');
    events.push(resultEvent(owned, answered.callId, whole.text, { outcome: told, exitCode, durationS }, source));
  }
  return events;
}

/** The codes that a script printed, when each of its commands has one. */
function exitCodes(script: Script, text: string): readonly number[] {
  const codes = printedExitCodes(text);
  const commands = script.calls.filter(({ isShell }) => isShell).length;
  return codes.length === commands ? codes : [];
}

/** All calls in the script have their own results: what it printed is no news, but that it failed is. */
function unclaimedOutput(
  owned: Owned,
  callId: string,
  { text, durationS }: Output,
  outcome: Outcome,
  source: Source,
): AgentEvent[] {
  if (outcome === 'ok' || outcome === 'unknown') {
    return [meta(placeOf(owned, contentName(owned), source), 'internal', 0, text)];
  }
  const call = callEvent(owned, callId, 'exec', null, source);
  return [call, resultEvent(owned, callId, text, { outcome, exitCode: null, durationS }, source)];
}

/** What only the end of the file decides: commands whose end did not come, scripts that only printed before theirs. */
export function openResults(last: Owned | null, source: Source): AgentEvent[] {
  const unfinished = [...source.unfinished].map(([callId, { owned, text, fields }]) =>
    resultEvent(owned, callId, text, fields, source),
  );
  return last === null ? unfinished : [...unfinished, ...unendedScripts(last, source)];
}

function unendedScripts(last: Owned, source: Source): AgentEvent[] {
  return [...source.scripts].flatMap(([callId, script]) => {
    const answered = script.isCalled ? { callId } : answeredCall(script, source.answered);
    if (script.printed.length === 0 || answered === null) return [];
    const text = script.printed.join('\n');
    const fields = { outcome: outcomeOf(outputOf(text), true), exitCode: null, durationS: null };
    return [resultEvent(last, answered.callId, text, fields, source)];
  });
}

/** `tool_search_output`: the names of the tools that were found. */
export function toolSearchOutput(owned: Owned, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  const callId = asText(payload['call_id']);
  const names = (asArray(payload['tools']) ?? []).map((tool) => (isObject(tool) ? asText(tool['name']) : null));
  const text = names.filter((name) => name !== null).join('\n');
  const fields = { outcome: payload['status'] === 'failed' ? 'error' : 'ok', exitCode: null, durationS: null } as const;
  if (callId !== null) return [resultEvent(owned, callId, text, fields, source)];
  return [toolResult(placeOf(owned, contentName(owned), source), 0, text, { callId: null, ...fields })];
}
