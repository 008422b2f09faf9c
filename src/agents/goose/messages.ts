import type { AgentEvent } from '../../core/event.ts';
import { asObject, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { apiError, meta, notice, plain, toolCall, unknown } from '../shared/events.ts';
import { flagOnce, objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { errorSubtype, isErrorText } from './api-errors.ts';
import { parsed } from './json-text.ts';
import { messageIdentity, placeOf, secondsMoment } from './locate.ts';
import { resultEvent } from './results.ts';
import type { Source } from './source.ts';
import { callFields } from './tools.ts';

interface MessageFields {
  readonly content: string;
  readonly created: string;
  readonly metadata: string;
}

/** A message of the database or of a file: the same content under other names. */
export function messageEvents(
  record: SourceRecord,
  written: JsonObject,
  names: MessageFields,
  source: Source,
): readonly AgentEvent[] {
  const flags = [...record.flags];
  const content = parsed(written[names.content]);
  const created = written[names.created];
  const { key, copied } = messageIdentity(written, content ?? written[names.content] ?? null, created, source);
  const role = textField(flags, written['role']);
  const place = placeOf(record, flags, source, {
    key,
    copied,
    recordType: `message.${role ?? 'unknown'}`,
    ts: secondsMoment(flags, created),
  });
  if (!Array.isArray(content) || (role !== 'user' && role !== 'assistant')) {
    flagOnce(flags, 'wrong_type');
    return [unknown(place, 0, record.value)];
  }
  // Only the agent sees it: a summary, a reminder of the time.
  const hidden = asObject(parsed(written[names.metadata]))?.['userVisible'] === false;
  const events =
    role === 'user' ? userEvents(place, content, hidden, source) : assistantEvents(place, content, hidden, source);
  return events.length > 0 ? events : [meta(place, 'internal', 0, null)];
}

/** What a person typed in one message is one prompt; results of tools travel as messages of the same role. */
function userEvents(place: Place, content: readonly Json[], hidden: boolean, source: Source): readonly AgentEvent[] {
  const events: AgentEvent[] = [];
  const said: string[] = [];
  for (const [index, block] of content.entries()) {
    const type = isObject(block) ? block['type'] : null;
    if (isObject(block) && type === 'text') said.push(textField(place.flags, block['text']) ?? '');
    else if (type === 'image') said.push('[image]');
    else events.push(otherEvent(place, index, block, source));
  }
  const text = said.filter((part) => part !== '').join('\n');
  return text === '' ? events : [saidEvent(place, text, hidden, source.sessionType), ...events];
}

/** Sessions that a schedule or a sub-agent's parent started have no person's prompts. */
function saidEvent(place: Place, text: string, hidden: boolean, sessionType: string | null): AgentEvent {
  if (sessionType === 'sub_agent') return meta(place, 'subagent_prompt', 'said', text);
  const automatic = sessionType === 'scheduled' || sessionType === 'hidden';
  if (hidden || automatic || isInjected(text)) return meta(place, 'context', 'said', text);
  return plain(place, 'prompt', 'said', text);
}

/** A text that is one tag as programs name them (`<info-msg>`), from its beginning to its end. */
function isInjected(text: string): boolean {
  const tag = /^\s*<([a-z]+(?:[-_][a-z]+)+)>/.exec(text)?.[1];
  return tag !== undefined && text.trimEnd().endsWith(`</${tag}>`);
}

function assistantEvents(
  place: Place,
  content: readonly Json[],
  hidden: boolean,
  source: Source,
): readonly AgentEvent[] {
  return content.map((block, index) => {
    if (!isObject(block) || block['type'] !== 'text') return otherEvent(place, index, block, source);
    const text = textField(place.flags, block['text']);
    if (hidden) return meta(place, 'context', index, text);
    return isErrorText(text ?? '')
      ? apiError(place, errorSubtype(text ?? ''), index, text)
      : plain(place, 'reply', index, text);
  });
}

/** A block of a type that either role may have. */
function otherEvent(place: Place, index: number, block: Json, source: Source): AgentEvent {
  if (!isObject(block)) return unknown(place, index, block);
  const type = textField(place.flags, block['type']);
  switch (type) {
    case 'thinking':
      return plain(place, 'thinking', index, textField(place.flags, block['thinking']));
    case 'redactedThinking':
      return plain(place, 'thinking', index, null);
    case 'image':
      return plain(place, 'reply', index, '[image]');
    case 'toolRequest':
    case 'frontendToolRequest':
      return callEvent(place, index, block, source);
    case 'toolResponse':
      return resultEvent(place, index, block, source);
    case 'toolConfirmationRequest':
      return meta(place, 'internal', index, textField(place.flags, block['prompt']));
    case 'actionRequired':
      return meta(place, 'internal', index, asText(asObject(block['data'])?.['prompt']));
    case 'systemNotification':
      return notice(place, index, textField(place.flags, block['msg']));
    default:
      return unknown(type === null ? place : { ...place, recordType: `${place.recordType}.${type}` }, index, block);
  }
}

/** A call whose arguments could not be read has no value; its response says why. */
function callEvent(place: Place, index: number, block: JsonObject, source: Source): AgentEvent {
  const call = objectField(place.flags, block['toolCall']);
  const fields = callFields(place, textField(place.flags, block['id']), asObject(call?.['value']));
  if (fields.callId !== null) source.tools.set(fields.callId, { isShell: fields.toolKind === 'shell' });
  return toolCall(place, index, fields);
}
