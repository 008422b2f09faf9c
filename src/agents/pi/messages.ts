import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import { meta, plain, unknown } from '../shared/events.ts';
import { flagOnce, numberField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { assistantEvents } from './assistant.ts';
import { contentText } from './content.ts';
import { promptEvents } from './prompts.ts';
import { resultEvents } from './results.ts';
import type { Source } from './source.ts';

/** An entry of type `message`, by the role of its message. */
export function messageEvents(place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  const message = value['message'];
  if (!isObject(message)) {
    flagOnce(place.flags, 'wrong_type');
    return [unknown(place, 0, value)];
  }
  switch (asText(message['role'])) {
    case 'user':
      return promptEvents(place, message);
    case 'assistant':
      return assistantEvents(place, message, source);
    case 'toolResult':
      return resultEvents(place, message);
    case 'bashExecution':
      return shellEvents(place, message);
    case 'custom':
    case 'hookMessage':
      return [meta(place, 'context', 0, contentText(place, message['content']))];
    case 'compactionSummary':
    case 'branchSummary':
      return [plain(place, 'summary', 0, textField(place.flags, message['summary']))];
    default:
      return [unknown(place, 0, value)];
  }
}

/** `!cmd` that a person typed, with what it printed and how it failed. */
function shellEvents(place: Place, message: JsonObject): AgentEvent[] {
  const output = textField(place.flags, message['output']) ?? '';
  const exitCode = numberField(place.flags, message['exitCode']);
  const failed = exitCode !== null && exitCode !== 0 ? `Command exited with code ${exitCode}` : '';
  const end = message['cancelled'] === true ? 'Command cancelled' : failed;
  return [
    meta(place, 'shell', 0, textField(place.flags, message['command'])),
    meta(place, 'shell_output', 1, [output, end].filter((part) => part !== '').join('\n')),
  ];
}
