import type { AgentEvent, MetaSubtype } from '../../core/event.ts';
import { asObject, asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { interrupt, meta, plain, toolCall, unknown } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { readAnswer } from './calls.ts';
import { placeOf } from './locate.ts';
import { openCalls } from './pairing.ts';
import type { Source } from './source.ts';
import { systemEvents } from './system.ts';
import { callFields } from './tools.ts';
import { usageEvent } from './usage.ts';

/** One line of a conversation. */
export function messageEvents(record: SourceRecord, source: Source): AgentEvent[] {
  const { value } = record;
  const role = isObject(value) ? asText(value['role']) : null;
  const place = placeOf(record, role ?? 'unknown', source);
  if (source.view) return [meta(place, 'internal', 'view', null)];
  if (!isObject(value) || typeof value['content'] !== 'string') return [unknown(place, 0, value)];
  const content = value['content'];
  if (role === 'system') return systemEvents(place, value, content, source);
  if (role !== 'user' && role !== 'assistant') return [unknown(place, 0, value)];
  source.begun = true;
  source.open = [];
  source.cut = false;
  source.afterCommand = false;
  return role === 'user' ? [userEvent(place, value, content, source)] : answerEvents(place, value, content, source);
}

function userEvent(place: Place, value: JsonObject, content: string, source: Source): AgentEvent {
  const subtype = authorOf(value, content, source);
  if (subtype === null) return plain(place, 'prompt', 0, content);
  source.afterCommand = subtype === 'command';
  return meta(place, subtype, 0, content);
}

/** What a user message is when no person typed it as a prompt; null for a prompt. */
function authorOf(value: JsonObject, content: string, source: Source): MetaSubtype | null {
  const metadata = asObject(value['metadata']);
  if (source.subagent) return 'subagent_prompt';
  if (asText(metadata?.['skill_invocation_id']) !== null) return 'skill';
  if (metadata?.['compaction_checkpoint_view'] !== undefined) return 'context';
  if (isCommand(content)) return 'command';
  // Without a person, gptme answers itself: `<system>No tool call detected ...`.
  return /^\s*<[a-z][a-z0-9_-]*[\s>]/.test(content) ? 'context' : null;
}

/** `/help`, but not a path at the start of a sentence. */
function isCommand(content: string): boolean {
  return /^\/[^\s/]*(?:\s|$)/.test(content);
}

function answerEvents(place: Place, value: JsonObject, content: string, source: Source): AgentEvent[] {
  const metadata = asObject(value['metadata']) ?? {};
  if (!isObject(value['metadata'])) textField(place.flags, value['metadata']);
  const answer = readAnswer(content, source.toolFormat);
  source.toolFormat ||= answer.toolFormat;
  if (answer.calls.some(({ input }) => input === null)) flagOnce(place.flags, 'wrong_type');
  const events: AgentEvent[] = [];
  if (answer.thinking !== null) events.push(plain(place, 'thinking', 'thinking', answer.thinking));
  if (answer.reply !== '') events.push(plain(place, 'reply', 0, answer.reply));
  const open = openCalls(answer.calls, place.key, metadata, source);
  for (const [index, call] of answer.calls.entries()) {
    const callId = open[index]?.callId ?? '';
    events.push(toolCall(place, `call${index + 1}`, callFields(call, callId)));
  }
  source.cut = /\^C Interrupted\s*$/.test(content);
  if (source.cut) events.push(interrupt(place, 'turn', 'cut', '^C Interrupted'));
  const used = usageEvent(place, value, metadata, source);
  if (used !== null) events.push(used);
  return events.length > 0 ? events : [meta(place, 'internal', 0, null)];
}
