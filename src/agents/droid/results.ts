import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { meta, toolResult } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { exitCodeOf, outcomeOf } from './outcome.ts';
import { stripReminders } from './reminders.ts';

/** The events of a `tool_result` block. */
export function resultEvents(place: Place, index: number, block: JsonObject): AgentEvent[] {
  const { rest, reminders } = stripReminders(contentText(place, block['content']));
  const exitCode = exitCodeOf(rest);
  const outcome = outcomeOf(rest, errorFlag(place, block['is_error']), exitCode);
  const callId = textField(place.flags, block['tool_use_id']);
  const events = [toolResult(place, index, rest, { callId, outcome, exitCode, durationS: null })];
  if (reminders !== null) events.push(meta(place, 'context', `${index}:context`, reminders));
  return events;
}

/** Null when the result does not tell. */
function errorFlag(place: Place, value: Json | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value !== undefined && value !== null) flagOnce(place.flags, 'wrong_type');
  return null;
}

function contentText(place: Place, content: Json | undefined): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(partText).join('\n');
  if (content !== undefined && content !== null) flagOnce(place.flags, 'wrong_type');
  return '';
}

/** A part that is no text leaves a mark with its type: `[image]`. */
function partText(part: Json): string {
  if (typeof part === 'string') return part;
  if (!isObject(part)) return '[unknown]';
  const text = part['text'];
  return typeof text === 'string' ? text : `[${asText(part['type']) ?? 'unknown'}]`;
}
