import type { AgentEvent } from '../../core/event.ts';
import { asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { apiErrorSubtype, isErrorText } from './api-errors.ts';
import { apiError, meta, notice, plain, toolCall, toolResult, unknown } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';
import { callFields } from './tools.ts';
import { addUsage, isSynthetic, messageLine } from './usage.ts';

/** A line of type `assistant`: mostly one block of a response, with the response's usage. */
export function assistantEvents(place: Place, value: JsonObject, source: Source): AgentEvent[] {
  const message = value['message'];
  const written = isObject(message) ? message['content'] : undefined;
  const content = typeof written === 'string' ? [{ type: 'text', text: written }] : written;
  if (!isObject(message) || !Array.isArray(content)) {
    flagOnce(place.flags, 'wrong_type');
    return [unknown(place, 0, value)];
  }
  addUsage(source.responses, place, message, messageLine(value, place));
  const events: AgentEvent[] = [];
  for (let index = 0; index < content.length; index += 1) {
    events.push(blockEvent(place, index, content[index] ?? null, value, message, source));
  }
  if (events.length === 0) events.push(meta(place, 'internal', 0, null));
  return events;
}

function blockEvent(
  place: Place,
  index: number,
  block: Json,
  value: JsonObject,
  message: JsonObject,
  source: Source,
): AgentEvent {
  if (!isObject(block)) return unknown(place, index, block);
  const type = block['type'];
  switch (type) {
    case 'text':
      return textEvent(place, index, textField(place.flags, block['text']), value, message);
    case 'thinking':
      return plain(place, 'thinking', index, textField(place.flags, block['thinking']));
    case 'redacted_thinking':
      return plain(place, 'thinking', index, null);
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return callEvent(place, index, block, value, source);
    case 'image':
    case 'document':
      return plain(place, 'reply', index, `[${type}]`);
    case 'fallback':
      return notice(place, index, `${modelOf(block['from'])} -> ${modelOf(block['to'])}`);
    default:
      if (typeof type === 'string' && type.endsWith('_tool_result')) return serverResult(place, index, block);
      return unknown(typeof type === 'string' ? { ...place, recordType: `assistant.${type}` } : place, index, block);
  }
}

function textEvent(
  place: Place,
  index: number,
  text: string | null,
  value: JsonObject,
  message: JsonObject,
): AgentEvent {
  const error = textField(place.flags, value['error']);
  const synthetic = isSynthetic(message);
  const failed = value['isApiErrorMessage'] === true || (synthetic && (error !== null || isErrorText(text ?? '')));
  if (failed)
    return apiError(place, apiErrorSubtype(text ?? '', error, asNumber(value['apiErrorStatus'])), index, text);
  // "No response requested." and the like are written by the program.
  return synthetic ? notice(place, index, text) : plain(place, 'reply', index, text);
}

/** A tool call, remembered so that later lines can be linked to it. */
export function callEvent(
  place: Place,
  index: number,
  block: JsonObject,
  value: JsonObject,
  source: Source,
): AgentEvent {
  const call = callFields(place, block);
  if (call.callId !== null) {
    const uuid = asText(value['uuid']);
    const prompt = call.toolKind === 'subagent' ? asText(call.input?.['prompt']) : null;
    if (call.toolKind === 'shell' && uuid !== null) source.shellCalls.set(uuid, call.callId);
    if (prompt !== null) source.callOfPrompt.set(prompt, call.callId);
  }
  return toolCall(place, index, call);
}

/** Results of tools that run on the provider's side stand in the answer itself. */
function serverResult(place: Place, index: number, block: JsonObject): AgentEvent {
  const content = block['content'];
  const failure = isObject(content) ? asText(content['error_code']) : null;
  const items = Array.isArray(content) ? content : [];
  const text =
    failure ??
    items
      .map(itemText)
      .filter((line) => line !== '')
      .join('\n');
  return toolResult(place, index, text, {
    callId: textField(place.flags, block['tool_use_id']),
    outcome: failure === null && block['is_error'] !== true ? 'ok' : 'error',
    exitCode: null,
    durationS: null,
  });
}

function itemText(item: Json): string {
  if (!isObject(item)) return '';
  return [asText(item['title']), asText(item['url']), asText(item['text'])].filter((part) => part !== null).join(' ');
}

function modelOf(value: Json | undefined): string {
  return (isObject(value) ? asText(value['model']) : asText(value)) ?? 'unknown';
}
