import type { AgentEvent, Outcome } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { meta, toolResult } from '../shared/events.ts';
import { numberField, objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** What `timeout` of coreutils exits with. */
const TIMED_OUT = 124;

/** A `tool_result` block: the result, or the note that the tool was still at work when the document was written. */
export function resultEvent(place: Place, block: JsonObject, index: number): AgentEvent {
  const { flags } = place;
  const callId = textField(flags, block['toolUseID']);
  const run = objectField(flags, block['run']) ?? {};
  const status = textField(flags, run['status']);
  const error = errorText(run['error']);
  const own = callId === null ? place : { ...place, key: 'result' };
  const isEnded = (status !== null && ended.has(status)) || isSet(run['result']) || error !== null;
  if (!isEnded) return meta(place, 'internal', index, status);
  const exitCode = isObject(run['result']) ? numberField(flags, run['result']['exitCode']) : null;
  const text = [error, resultText(run['result'])].filter((part) => part !== null).join('\n');
  const outcome = outcomeOf({ status, exitCode, error, reason: asText(run['reason']) });
  return toolResult(own, callId ?? index, text, { callId, outcome, exitCode, durationS: null });
}

const ended = new Set(['done', 'error', 'cancelled', 'rejected-by-user']);

interface ResultFacts {
  readonly status: string | null;
  readonly exitCode: number | null;
  readonly error: string | null;
  /** Who cancelled, where that is written. */
  readonly reason: string | null;
}

/** `done` says only that the tool came to an end: the exit code tells whether the command failed (formats.md 8.5). */
function outcomeOf({ status, exitCode, error, reason }: ResultFacts): Outcome {
  switch (status) {
    case 'done':
      return exitCode === null || exitCode === 0 ? 'ok' : exitCode === TIMED_OUT ? 'timeout' : 'error';
    case 'error':
      return exitCode === TIMED_OUT || isTimeout(error) ? 'timeout' : 'error';
    case 'rejected-by-user':
      return 'rejected';
    case 'cancelled':
      return reason?.startsWith('user') === true ? 'interrupted' : 'cancelled';
    default:
      return 'unknown';
  }
}

/** Only how the message begins: what a command printed is never asked. */
function isTimeout(error: string | null): boolean {
  return error !== null && /^[^\n]{0,120}\b(?:timed out|timeout exceeded)\b/i.test(error);
}

function errorText(error: Json | undefined): string | null {
  return isObject(error) ? (asText(error['message']) ?? JSON.stringify(error)) : asText(error);
}

/** The words of a result, whichever of its shapes it has; other shapes are kept as compact JSON. */
function resultText(result: Json | undefined): string | null {
  if (!isSet(result)) return null;
  if (typeof result === 'string') return result;
  if (Array.isArray(result)) return result.map(itemText).join('\n');
  if (!isObject(result)) return JSON.stringify(result);
  for (const name of ['output', 'content', 'diff', 'summary']) {
    const text = result[name];
    if (typeof text === 'string') return text;
  }
  return JSON.stringify(result);
}

function itemText(item: Json): string {
  if (typeof item === 'string') return item;
  return (isObject(item) ? asText(item['text']) : null) ?? JSON.stringify(item);
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
