import type { AgentEvent, MetaSubtype } from '../../core/event.ts';
import { asArray, isObject, type Json } from '../../core/json.ts';
import { meta, plain, unknown } from '../shared/events.ts';
import { digest, canonical } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import { mirror } from './answers.ts';
import { partsOf, textOf, type Part } from './content.ts';
import { injectedOf, inside, splitRequest } from './injected.ts';
import { contentName, placeOf, scopedName } from './locate.ts';
import type { Source } from './source.ts';
import { speechKey, userTextOf, type Spoken, type UserText } from './speech.ts';

/** A message for the model, or of it. */
export function messageEvents(spoken: Spoken, source: Source): AgentEvent[] {
  const { payload } = spoken.entry;
  switch (payload['role']) {
    case 'assistant': {
      const text = textOf(partsOf(payload['content']));
      const name = scopedName(spoken, 'reply', digest(text));
      return [plain(placeOf(spoken, name, source), 'reply', 0, text)];
    }
    case 'user':
      return userEvents(spoken, source);
    case 'developer':
    case 'system':
      return [meta(placeOf(spoken, contentName(spoken), source), 'context', 0, textOf(partsOf(payload['content'])))];
    default:
      return [unknown(placeOf(spoken, contentName(spoken), source), 0, spoken.entry.value)];
  }
}

/** A user's message in any of its three forms: what a person typed, and what the program put beside it. */
export function userEvents(spoken: Spoken, source: Source): AgentEvent[] {
  const text = userTextOf(spoken.entry);
  const events = injectedEvents(spoken, text.injected, source);
  if (text.typed.length > 0) events.push(...typedEvents(spoken, text, source));
  return events.length > 0 ? events : [mirror(spoken, source)];
}

function typedEvents(spoken: Spoken, text: UserText, source: Source): AgentEvent[] {
  if (spoken.speech === 'mirror') return [mirror(spoken, source)];
  const whole = textOf(text.typed);
  const { context, request } = splitRequest(whole);
  if (spoken.speech === 'context') return [meta(placeOf(spoken, contentName(spoken), source), 'context', 0, whole)];
  const place = placeOf(spoken, scopedName(spoken, 'prompt', speechKey(text)), source);
  const { machine } = spoken.thread;
  const prompt = machine === null ? plain(place, 'prompt', 0, request) : meta(place, machine, 0, request);
  return context === null ? [prompt] : [meta(place, 'context', 'context', context), prompt];
}

function injectedEvents(spoken: Spoken, parts: readonly Part[], source: Source): AgentEvent[] {
  const texts = parts.flatMap((part) => injectedOf(part.text) ?? contextOf(part));
  const [first] = texts;
  if (first === undefined) return [];
  // Nothing else in the bare lines of 2025 says where the session ran.
  const environment = texts.find(({ text }) => text.trimStart().startsWith('<environment_context>'));
  if (environment !== undefined && spoken.thread.cwd === null) source.cwd ??= inside(environment.text, 'cwd');
  const name = scopedName(spoken, 'injected', digest(canonical(texts.map(({ text }) => text))));
  const place = placeOf(spoken, name, source);
  return texts.map(({ subtype, text }, index) => meta(place, subtype, index, text));
}

function contextOf({ text }: Part): readonly { readonly subtype: MetaSubtype; readonly text: string }[] {
  return text.trim() === '' ? [] : [{ subtype: 'context', text }];
}

/** What the model thought, where it is not only there in encrypted form. */
export function reasoningEvent(spoken: Spoken, source: Source): AgentEvent {
  const { summary, content } = spoken.entry.payload;
  const text = [...thoughts(summary), ...thoughts(content)].join('\n');
  return plain(placeOf(spoken, contentName(spoken), source), 'thinking', 0, text);
}

function thoughts(value: Json | undefined): string[] {
  return (asArray(value) ?? []).flatMap((part) => {
    const text = isObject(part) ? part['text'] : part;
    return typeof text === 'string' ? [text] : [];
  });
}

/** A message of another agent: the prompt of a sub-agent, else news of one (formats.md 2.3). */
export function agentMessage(spoken: Spoken, place: Place): AgentEvent {
  const { content, message } = spoken.entry.payload;
  const text = textOf(partsOf(content ?? message));
  return meta(place, spoken.thread.machine === 'subagent_prompt' ? 'subagent_prompt' : 'notification', 0, text);
}
