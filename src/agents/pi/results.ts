import type { AgentEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { toolResult } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { contentText } from './content.ts';
import { exitCodeOf, outcomeOf } from './outcome.ts';
import { toolUsage } from './usage.ts';

/** A message of role `toolResult`: its output, and what the tool itself asked of models. */
export function resultEvents(place: Place, message: JsonObject): AgentEvent[] {
  const text = contentText(place, message['content']);
  const isError = errorFlag(place, message);
  const exitCode = isError === false ? null : exitCodeOf(text);
  const outcome = outcomeOf(text, isError, exitCode);
  const callId = textField(place.flags, message['toolCallId']);
  return [toolResult(place, 0, text, { callId, outcome, exitCode, durationS: null }), ...toolUsage(place, message)];
}

/** Null when the result does not tell. */
function errorFlag(place: Place, message: JsonObject): boolean | null {
  const written = message['isError'];
  if (typeof written === 'boolean') return written;
  if (written !== undefined && written !== null) flagOnce(place.flags, 'wrong_type');
  return null;
}
