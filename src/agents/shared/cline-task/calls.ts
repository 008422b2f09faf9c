import type { AgentEvent, Outcome } from '../../../core/event.ts';
import { toolCall, toolResult } from '../events.ts';
import type { Place } from '../place.ts';
import { exitCodeOfOutput, type Answer } from './answers.ts';
import type { OpenCall } from './open-call.ts';
import type { Task } from './task.ts';
import type { requestOf } from './tools.ts';

/** What `timeout` of coreutils exits with. */
const TIMED_OUT = 124;

/** The call of a message; what comes after it decides how it ends. Its id is that of the message, since tools have none here. */
export function openCall(task: Task, place: Place, request: NonNullable<ReturnType<typeof requestOf>>): AgentEvent[] {
  const before = closeCall(task, null);
  task.open = { place, kind: request.toolKind, outputs: [], error: null, hasFeedback: false, last: place };
  return [...before, toolCall(place, 0, { ...request, callId: place.key })];
}

/** Adds what a tool gave out; false when no tool is at work, as when a command goes on behind the next request. */
export function addOutput(task: Task, place: Place, text: string): boolean {
  if (task.open === null) return false;
  task.open.outputs.push(text);
  task.open.last = place;
  return true;
}

/** Adds how a tool failed; false when no tool is at work. The first failure decides, later ones add their words. */
export function addError(task: Task, place: Place, outcome: Outcome, text: string): boolean {
  const call = task.open;
  if (call === null) return false;
  call.error = call.error === null ? { outcome, text } : { ...call.error, text: `${call.error.text}\n${text}` };
  call.last = place;
  return true;
}

/** Words of a person where they were asked: a refusal, unless the tool worked all the same. */
export function addFeedback(task: Task, place: Place): void {
  const call = task.open;
  if (call === null || call.outputs.length > 0 || !call.place.recordType.startsWith('ask.')) return;
  call.hasFeedback = true;
  call.last = place;
}

/** The result of the open call, where anything tells of one; `answer` is what the next request repeats of it. */
export function closeCall(task: Task, answer: { readonly place: Place; readonly told: Answer } | null): AgentEvent[] {
  const call = task.open;
  task.open = null;
  if (call === null) return [];
  const told = answer?.told ?? null;
  if (call.outputs.length === 0 && call.error === null && !call.hasFeedback && told === null) return [];
  const isTold = call.last === call.place && answer !== null;
  const place = { ...(isTold ? answer.place : call.last), key: call.place.key };
  const output = call.outputs.filter((text) => text !== '').join('\n');
  const exitCode = told?.exitCode ?? (call.kind === 'shell' ? exitCodeOfOutput(output) : null);
  const text = [call.error?.text ?? '', output].filter((part) => part !== '').join('\n');
  return [
    toolResult(place, 'result', text === '' ? (told?.text ?? '') : text, {
      callId: call.place.key,
      outcome: outcomeOf(call, told, exitCode, output),
      exitCode,
      durationS: null,
    }),
  ];
}

function outcomeOf(call: OpenCall, told: Answer | null, exitCode: number | null, output: string): Outcome {
  if (call.error !== null) return call.error.outcome;
  if (told?.isDenied === true) return 'rejected';
  if (told?.isFailed === true) return 'error';
  if (exitCode !== null) return exitCode === 0 ? 'ok' : exitCode === TIMED_OUT ? 'timeout' : 'error';
  const isAnswered = call.outputs.length > 0 || told !== null;
  if (call.hasFeedback && !isAnswered) return 'rejected';
  if (call.kind === 'mcp' && output.startsWith('Error:')) return 'error';
  // A command's output alone does not tell whether it went well.
  return call.kind === 'shell' ? 'unknown' : 'ok';
}
