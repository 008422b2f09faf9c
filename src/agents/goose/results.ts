import type { AgentEvent } from '../../core/event.ts';
import { asBoolean, asNumber, asObject, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { toolResult } from '../shared/events.ts';
import { flagOnce, objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { exitCodeIn, outcomeOf } from './outcome.ts';
import type { Source } from './source.ts';

/** A block of type `toolResponse`. */
export function resultEvent(place: Place, index: number, block: JsonObject, source: Source): AgentEvent {
  const callId = textField(place.flags, block['id']);
  const result = objectField(place.flags, block['toolResult']);
  const text = resultText(place, result);
  const isShell = callId !== null && source.tools.get(callId)?.isShell === true;
  const exitCode = exitCodeOf(result, text, isShell);
  const outcome = outcomeOf({ failed: failedOf(place, result), text, exitCode });
  return toolResult(place, index, text, { callId, outcome, exitCode, durationS: null });
}

/** The call failed in the protocol, or the tool itself says that it did. */
function failedOf(place: Place, result: JsonObject | null): boolean | null {
  const status = textField(place.flags, result?.['status']);
  if (status === null) return null;
  return status === 'error' || asBoolean(asObject(result?.['value'])?.['isError']) === true;
}

/** Older versions write a list of blocks, newer ones an object that holds it. */
function resultText(place: Place, result: JsonObject | null): string {
  const value = result?.['value'];
  const content = isObject(value) ? value['content'] : value;
  if (Array.isArray(content)) return listText(content);
  if (content !== undefined && content !== null && typeof content !== 'string') flagOnce(place.flags, 'wrong_type');
  return asText(content) ?? asText(result?.['error']) ?? '';
}

/** Output may be written twice, once for the model and once for the person: then that for the person is left out. */
function listText(content: readonly Json[]): string {
  const forModel = content.filter((block) => !isForPerson(block));
  const told = forModel.length > 0 ? forModel : content;
  return told
    .map(blockText)
    .filter((text) => text !== '')
    .join('\n');
}

function isForPerson(block: Json): boolean {
  const audience = asObject(asObject(block)?.['annotations'])?.['audience'];
  return Array.isArray(audience) && audience.length === 1 && audience[0] === 'user';
}

function blockText(block: Json): string {
  if (!isObject(block)) return '';
  const text = asText(block['text']) ?? asText(asObject(block['resource'])?.['text']);
  return text ?? (block['type'] === 'text' ? '' : `[${asText(block['type']) ?? 'unknown'}]`);
}

function exitCodeOf(result: JsonObject | null, text: string, isShell: boolean): number | null {
  if (!isShell) return null;
  const structured = asObject(asObject(result?.['value'])?.['structuredContent']);
  return asNumber(structured?.['exit_code']) ?? exitCodeIn(text);
}
