import type { AgentEvent } from '../../core/event.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { meta, plain, system, toolCall, unknown } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { promptEvents } from './prompts.ts';
import { openSource, placeOf, type Source } from './source.ts';
import { callFields } from './tools.ts';

/** Lines of one transcript in, events out. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  let source: Source | null = null;
  for (const record of records) {
    source ??= openSource(hint, record.value);
    yield* lineEvents(placeOf(record, source), record.value);
  }
}

function lineEvents(place: Place, value: Json): readonly AgentEvent[] {
  if (!isObject(value)) return [unknown(place, 0, value)];
  if (value['type'] === 'turn_ended') {
    const status = textField(place.flags, value['status']);
    return [system(place, 0, status, { subtype: 'turn_end', durationS: null })];
  }
  const { role, message } = value;
  const content = isObject(message) ? blocksOf(message['content']) : null;
  if (content === null || (role !== 'user' && role !== 'assistant')) return [unknown(place, 0, value)];
  const events =
    role === 'user' ? userEvents(place, content) : content.map((block, at) => answerEvent(place, at, block));
  return events.length > 0 ? events : [meta(place, 'internal', 0, null)];
}

function blocksOf(content: Json | undefined): readonly Json[] | null {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content : null;
}

/** All that a person typed in one line is one prompt. */
function userEvents(place: Place, content: readonly Json[]): AgentEvent[] {
  const others = content.flatMap((block, index) =>
    textOf(place, block) === null ? [otherEvent(place, index, block)] : [],
  );
  const texts = content.flatMap((block) => textOf(place, block) ?? []);
  return [...promptEvents(place, texts.join('\n')), ...others];
}

/** The text that Cursor writes in place of one that it hides. */
const HIDDEN = '[REDACTED]';

function answerEvent(place: Place, index: number, block: Json): AgentEvent {
  const text = textOf(place, block);
  if (text !== null) return plain(place, 'reply', index, text.trim() === HIDDEN ? null : text);
  if (isObject(block) && block['type'] === 'tool_use') return toolCall(place, index, callFields(place, block));
  return otherEvent(place, index, block);
}

/** Null when the block is no text. */
function textOf({ flags }: Place, block: Json): string | null {
  if (!isObject(block) || block['type'] !== 'text') return null;
  const text = block['text'];
  if (typeof text !== 'string') flagOnce(flags, 'wrong_type');
  return typeof text === 'string' ? text : '';
}

function otherEvent(place: Place, index: number, block: Json): AgentEvent {
  const type = isObject(block) ? typeOf(block) : null;
  if (type === 'image') return meta(place, 'context', index, '[image]');
  return unknown(type === null ? place : { ...place, recordType: `${place.recordType}.${type}` }, index, block);
}

function typeOf(block: JsonObject): string | null {
  return typeof block['type'] === 'string' && block['type'] !== '' ? block['type'] : null;
}
