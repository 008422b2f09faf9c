import type { AgentEvent } from '../../core/event.ts';
import { asArray, asObject, isObject, type Json } from '../../core/json.ts';
import { meta, plain, system, toolCall, toolResult, unknown } from '../shared/events.ts';
import { flagOnce, textField } from '../shared/fields.ts';
import { Occurrences } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import { endingOf } from './outcome.ts';
import { callFields } from './tools.ts';
import { idOf, type Turn } from './turn.ts';

/** What is remembered while the turns of a session are read. */
interface Conversation {
  readonly turns: readonly Turn[];
  /** Calls by the id that the model wrote: the last one that had it. */
  readonly calls: Map<string, NamedCall>;
  /** Calls of the last answer, for results without an id. */
  last: readonly NamedCall[];
  readonly ids: Occurrences;
}

interface NamedCall {
  readonly callId: string;
  readonly toolName: string;
}

export function newConversation(turns: readonly Turn[]): Conversation {
  return { turns, calls: new Map(), last: [], ids: new Occurrences() };
}

/** What the program answers itself after a handoff, so that roles alternate. */
const ACKNOWLEDGEMENT = 'Understood. Continuing the work from the handoff.';
const SUMMARY_HEADING = 'Summary of the conversation so far:';
const seedStart = /^This conversation continues session \S+; its context window filled/;
/** A reviewer found the work unfinished and the program asks again (drive mode). */
const continuation = /^You are continuing iteration \d+ of the same request\b/;

export function turnEvents(place: Place, turn: Turn, index: number, conversation: Conversation): AgentEvent[] {
  if (!isObject(turn.value)) return [unknown(place, 0, turn.value)];
  if (typeof turn.value['text'] !== 'string') textField(place.flags, turn.value['text']);
  if (turn.role === 'user') return [userEvent(place, turn, index, conversation)];
  if (turn.role === 'assistant') return assistantEvents(place, turn, index, conversation);
  if (turn.role === 'tool' && turn.results.length > 0) return resultEvents(place, turn, conversation);
  return [unknown(place, 0, turn.value)];
}

function userEvent(place: Place, turn: Turn, index: number, conversation: Conversation): AgentEvent {
  const text = withImages(turn);
  if (turn.text.startsWith(SUMMARY_HEADING)) {
    return system(place, 'text', text, { subtype: 'compaction', durationS: null });
  }
  if (isSeed(turn, index, conversation)) return meta(place, 'context', 'text', text);
  return continuation.test(turn.text)
    ? meta(place, 'notification', 'text', text)
    : plain(place, 'prompt', 'text', text);
}

/** The wording of a seed can be set; the answer that the program puts behind it cannot. */
function isSeed(turn: Turn, index: number, { turns }: Conversation): boolean {
  return index === 0 && (seedStart.test(turn.text) || turns[1]?.text === ACKNOWLEDGEMENT);
}

function withImages({ value, text }: Turn): string {
  const images = asArray(asObject(value)?.['images']) ?? [];
  return [text, ...images.map(() => '[image]')].filter((part) => part !== '').join('\n');
}

function assistantEvents(place: Place, turn: Turn, index: number, conversation: Conversation): AgentEvent[] {
  const events = thoughtsOf(place, turn);
  const before = conversation.turns[index - 1];
  const toSeed = index === 1 && turn.text === ACKNOWLEDGEMENT && before?.role === 'user';
  if (toSeed) events.push(meta(place, 'context', 'text', turn.text));
  else if (before?.role === 'user' && before.text.trim() === SUMMARY_HEADING) {
    events.push(plain(place, 'summary', 'text', turn.text));
  } else if (turn.text !== '') events.push(plain(place, 'reply', 'text', turn.text));
  conversation.last = turn.calls.map((call, order) => nameOf(call, order, place, conversation));
  for (const [order, call] of turn.calls.entries()) {
    const named = conversation.last[order];
    if (isObject(call) && named !== undefined) {
      events.push(toolCall(place, `call${order + 1}`, callFields(place, call, named.callId)));
    } else events.push(unknown(place, `call${order + 1}`, call));
  }
  return events.length > 0 ? events : [meta(place, 'internal', 'text', null)];
}

function thoughtsOf(place: Place, { value }: Turn): AgentEvent[] {
  const thoughts = asArray(asObject(value)?.['thinking']) ?? [];
  return thoughts.map((thought, order) => {
    const text = isObject(thought) ? textField(place.flags, thought['text']) : null;
    return plain(place, 'thinking', `thinking${order + 1}`, text);
  });
}

/** Some models number their calls anew in each answer, or not at all: the name is made one of its own in the session. */
function nameOf(call: Json, order: number, place: Place, conversation: Conversation): NamedCall {
  const written = idOf(call);
  const toolName = isObject(call) ? (textField(place.flags, call['Name']) ?? 'unknown') : 'unknown';
  const made = `${place.key.slice('turn:'.length, 'turn:'.length + 12)}-${order + 1}`;
  const named = { callId: conversation.ids.next(written ?? made), toolName };
  if (written !== null) conversation.calls.set(written, named);
  return named;
}

function resultEvents(place: Place, turn: Turn, conversation: Conversation): AgentEvent[] {
  return turn.results.map((result, order) => {
    const block = `result${order + 1}`;
    if (!isObject(result)) return unknown(place, block, result);
    const written = idOf(result);
    const call = written === null ? conversation.last[order] : conversation.calls.get(written);
    if (typeof result['Content'] !== 'string') textField(place.flags, result['Content']);
    const text = typeof result['Content'] === 'string' ? result['Content'] : '';
    if (typeof result['IsError'] !== 'boolean') flagOnce(place.flags, 'wrong_type');
    const { outcome, exitCode } = endingOf(text, result['IsError'], call?.toolName ?? null);
    return toolResult(place, block, text, { callId: call?.callId ?? written, outcome, exitCode, durationS: null });
  });
}
