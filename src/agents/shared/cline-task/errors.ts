import type { AgentEvent, Outcome } from '../../../core/event.ts';
import { notice, toolResult } from '../events.ts';
import type { Place } from '../place.ts';
import { addError } from './calls.ts';
import type { Task } from './task.ts';

/** A failure belongs to the tool that is at work; otherwise only its own words or type tell that a tool was meant. */
export function errorEvents(task: Task, place: Place, type: string, text: string | null): AgentEvent[] {
  const outcome = outcomeOf(type, text ?? '');
  if (isOfOpenCall(task, type) && addError(task, place, outcome, text ?? '')) return [];
  if (type === 'error' && !isOfTool(text ?? '')) return [notice(place, 0, text)];
  return [toolResult(place, 0, text ?? '', { callId: null, outcome, exitCode: null, durationS: null })];
}

/** A change that did not fit is no failure of a command that was asked for before it. */
function isOfOpenCall({ open }: Task, type: string): boolean {
  return type !== 'diff_error' || open?.kind === 'edit' || open?.kind === 'write';
}

/** Only how the message begins: the rest may be a command's output. */
function outcomeOf(type: string, text: string): Outcome {
  const head = text.slice(0, 200);
  if (head.startsWith('The user denied this operation')) return 'rejected';
  // A file that was put out of the model's reach, or a command that is not allowed.
  if (type === 'rooignore_error' || type === 'clineignore_error' || type === 'command_permission_denied')
    return 'denied';
  return /^(?:The )?command\b[^\n]{0,80}\b(?:timed out|timeout)\b/i.test(head) ? 'timeout' : 'error';
}

/** A call so malformed that it was never asked for. */
function isOfTool(text: string): boolean {
  return /^\S{1,40} tried to use \w+ .{0,200}without value for required parameter/.test(text);
}
