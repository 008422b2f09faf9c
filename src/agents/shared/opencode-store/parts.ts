import type { AgentEvent } from '../../../core/event.ts';
import { asArray, asText, isObject } from '../../../core/json.ts';
import { meta, plain, toolCall, toolResult, unknown } from '../events.ts';
import { objectField, textField } from '../fields.ts';
import type { Occurrences } from '../keys.ts';
import type { Place } from '../place.ts';
import { compactionEvent } from './compaction.ts';
import { retryEvent } from './errors.ts';
import { momentOf } from './moments.ts';
import { resultOf } from './outcome.ts';
import { atTime, typeOf, type Source } from './source.ts';
import type { StoredMessage, StoredPart } from './store.ts';
import { callOf } from './tools.ts';
import { isStepUsage, stepUsage } from './usage.ts';

/** A message of the agent while its parts are read. */
export interface Answer {
  readonly message: StoredMessage;
  /** Numbers the parts of each type: a fork and the second generation keep their order, not their ids. */
  readonly counts: Occurrences;
  /** It holds the output of a command that the person ran with `!`. */
  readonly isShell: boolean;
  readonly isSummary: boolean;
}

export function partEvents(place: Place, part: StoredPart, answer: Answer, source: Source): readonly AgentEvent[] {
  const { type, value } = part;
  if (isStepUsage(part)) return [stepUsage(place, part, answer.message, source)];
  const block = answer.counts.next(type);
  switch (type) {
    case 'text':
      return [textEvent(place, block, part, answer)];
    case 'reasoning':
      return [plain(place, 'thinking', block, textField(place.flags, value['text']))];
    case 'tool':
      return answer.isShell ? shellEvents(place, block, part) : toolEvents(place, block, part, source);
    case 'step-start':
    case 'step-finish':
    case 'idle':
      return [meta(place, 'internal', block, null)];
    case 'snapshot':
    case 'patch':
      return [meta(place, 'snapshot', block, filesOf(part))];
    case 'retry':
      return [retryEvent(place, block, value['error'])];
    case 'compaction':
      return [compactionEvent(place, block, value, source)];
    case 'summary':
      source.compacting = false;
      return [plain(place, 'summary', block, textField(place.flags, value['text']))];
    case 'file':
      return [meta(place, 'context', block, `[file] ${textField(place.flags, value['filename']) ?? ''}`.trimEnd())];
    case 'shell':
      return secondShellEvents(place, block, part);
    case 'skill':
      return [meta(place, 'skill', block, textField(place.flags, value['text']))];
    case 'switch':
      return [meta(place, 'mode', block, textField(place.flags, value['text']))];
    default:
      return [unknown(place, `unknown:${block}`, value)];
  }
}

function textEvent(place: Place, block: string, { value }: StoredPart, { message, isSummary }: Answer): AgentEvent {
  const text = textField(place.flags, value['text']);
  if (value['synthetic'] === true || value['ignored'] === true) return meta(place, 'context', block, text);
  if (isSummary) return plain(place, 'summary', block, text);
  if (message.role === 'assistant') return plain(place, 'reply', block, text);
  // Only the message says whose words they are.
  return unknown({ ...place, recordType: typeOf(message) }, block, value);
}

/** A call and its result are one part; a call that still runs has no result. */
function toolEvents(place: Place, block: string, { value }: StoredPart, source: Source): AgentEvent[] {
  const state = objectField(place.flags, value['state']) ?? {};
  const written = textField(place.flags, value['callID']);
  // Some providers count calls anew in each answer, so that an id alone names several.
  const callId = written === null ? null : source.calls.next(written);
  const call = toolCall(place, `${block}:call`, callOf(place.flags, value, state, callId));
  const result = resultOf(place.flags, value, state);
  if (result === null) return [call];
  const { text, end, ...fields } = result;
  return [call, toolResult(atTime(place, end), `${block}:result`, text, { callId, ...fields })];
}

function shellEvents(place: Place, block: string, { value }: StoredPart): AgentEvent[] {
  const state = objectField(place.flags, value['state']) ?? {};
  const input = isObject(state['input']) ? state['input'] : {};
  const shell = meta(place, 'shell', `${block}:call`, textField(place.flags, input['command']));
  const result = resultOf(place.flags, value, state);
  return result === null ? [shell] : [shell, outputEvent(atTime(place, result.end), block, result.text)];
}

/** `shell` of the second generation: the command and its output in one row. */
function secondShellEvents(place: Place, block: string, { value }: StoredPart): AgentEvent[] {
  const time = isObject(value['time']) ? value['time'] : {};
  const written = isObject(value['output']) ? value['output']['text'] : value['output'];
  const output = textField(place.flags, written);
  const end = momentOf(place.flags, time['completed']);
  const shell = meta(place, 'shell', `${block}:call`, textField(place.flags, value['command']));
  return output === null && end === null ? [shell] : [shell, outputEvent(atTime(place, end), block, output)];
}

function outputEvent(place: Place, block: string, text: string | null): AgentEvent {
  return meta(place, 'shell_output', `${block}:result`, text);
}

function filesOf({ value }: StoredPart): string | null {
  const files = asArray(value['files'])?.flatMap((file) => asText(file) ?? []);
  return files === undefined || files.length === 0 ? null : files.join('\n');
}
