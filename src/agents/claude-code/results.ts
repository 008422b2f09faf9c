import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { stripResult } from './context.ts';
import { meta, toolResult } from '../shared/events.ts';
import { flagOnce, numberField, secondsField, textField } from '../shared/fields.ts';
import { exitCodeOf, outcomeOf } from './outcome.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

/**
 * Adds the events of a `tool_result` block. `line` is the record when it holds only this one result: then its
 * `toolUseResult` is the structured form of it (formats.md 1.6).
 */
export function resultEvents(
  events: AgentEvent[],
  place: Place,
  index: number,
  block: JsonObject,
  line: JsonObject | null,
  source: Source,
): void {
  const structured = line?.['toolUseResult'];
  const fields = isObject(structured) ? structured : null;
  const callId = textField(place.flags, block['tool_use_id']);
  const { text, context } = stripResult(contentText(block['content'], fields, place));
  const isError = errorFlag(block['is_error'], place);
  const outcome = outcomeOf({ text, isError, structured, denialKind: asText(line?.['toolDenialKind']) });
  const exitCode = outcome === 'ok' ? null : exitCodeOf(text);
  events.push(toolResult(place, index, text, { callId, outcome, exitCode, durationS: durationOf(fields, place) }));
  if (context !== null) events.push(meta(place, 'context', `${index}:context`, context));
  const agent = asText(fields?.['agentId']);
  if (agent !== null && callId !== null) source.callOfThread.set(agent, callId);
}

/** Undefined: the line does not say; null: it says something that is no boolean. */
function errorFlag(value: Json | undefined, place: Place): boolean | null | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  flagOnce(place.flags, 'wrong_type');
  return null;
}

/** Seconds that the tool itself measured. */
function durationOf(fields: JsonObject | null, place: Place): number | null {
  if (fields === null) return null;
  const { durationMs, totalDurationMs, durationSeconds } = fields;
  return secondsField(place.flags, durationMs ?? totalDurationMs) ?? numberField(place.flags, durationSeconds);
}

/** Text of a result: its text blocks and marks for the others, else the command's output. */
function contentText(content: Json | undefined, fields: JsonObject | null, place: Place): string {
  if (content !== undefined && content !== null && typeof content !== 'string' && !Array.isArray(content)) {
    flagOnce(place.flags, 'wrong_type');
  }
  const text = typeof content === 'string' ? content : Array.isArray(content) ? content.map(partText).join('\n') : '';
  if (text !== '' || fields === null) return text;
  const outputs = [asText(fields['stdout']), asText(fields['stderr'])];
  return outputs.filter((output) => output !== null).join('\n');
}

/** A part that is no text leaves a mark with its type: `[image]`, `[tool_reference]`. */
function partText(part: Json): string {
  if (typeof part === 'string') return part;
  if (!isObject(part)) return '[unknown]';
  const text = part['text'];
  return typeof text === 'string' ? text : `[${asText(part['type']) ?? 'unknown'}]`;
}
