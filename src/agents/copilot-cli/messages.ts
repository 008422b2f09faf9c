import type { AgentEvent } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { meta, plain } from '../shared/events.ts';
import { countField, flagOnce, textField } from '../shared/fields.ts';
import { digest } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import { requestCall } from './calls.ts';
import type { Source, ThoughtPlace } from './source.ts';
import { addResponse } from './usage-book.ts';

/** A record of type `user.message`: a person's only where nothing says that the program or a sub-agent wrote it. */
export function userMessage(place: Place, data: JsonObject, ofSubAgent: boolean): AgentEvent {
  const content = textField(place.flags, data['content']);
  if (place.threadId !== MAIN_THREAD || ofSubAgent) return meta(place, 'subagent_prompt', 0, content);
  const source = textField(place.flags, data['source']);
  if (source?.startsWith('skill-') === true) return meta(place, 'skill', 0, content);
  if (source?.startsWith('agent-') === true) return meta(place, 'notification', 0, content);
  const injected = source?.startsWith('system') === true || source === 'instruction-discovery';
  if (injected || data['isAutopilotContinuation'] === true || content === null || isInjected(content)) {
    // An automatic prompt has no content: what is sent for it stands beside it.
    return meta(place, 'context', 0, content ?? textField(place.flags, data['transformedContent']));
  }
  return plain(place, 'prompt', 0, content);
}

function isInjected(content: string): boolean {
  return /^\s*<(?:skill-context|reminder>|system_reminder>|system_notification>)/.test(content);
}

/** The prompt of the system; `developer` is a role of the same kind. */
export function systemMessage(place: Place, data: JsonObject): AgentEvent {
  return meta(place, 'context', 0, textField(place.flags, data['content']));
}

/** Thoughts in a record of their own. */
export function reasoningEvent(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const text = textField(place.flags, data['content']);
  const repeated = text !== null && repeatsThought(text, 'record', source);
  return [repeated ? meta(place, 'internal', 0, null) : plain(place, 'thinking', 0, text)];
}

/** Thoughts, words and tool calls of one response, or of a part of it. */
export function assistantMessage(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const events: AgentEvent[] = [];
  const thought = textField(place.flags, data['reasoningText']);
  if (thought !== null && !repeatsThought(thought, 'message', source)) {
    events.push(plain(place, 'thinking', 'thinking', thought));
  }
  const content = textField(place.flags, data['content']);
  if (content !== null) events.push(plain(place, 'reply', 0, content));
  for (const [index, request] of requestsOf(place, data).entries()) {
    events.push(...requestCall(place, index, request, source));
  }
  noteResponse(place, data, source);
  return events.length > 0 ? events : [meta(place, 'internal', 0, null)];
}

/** Old versions write no list of requests, or something else in its place. */
function requestsOf(place: Place, data: JsonObject): readonly JsonObject[] {
  const written = data['toolRequests'];
  if (written === undefined || written === null) return [];
  if (!Array.isArray(written)) {
    flagOnce(place.flags, 'wrong_type');
    return [];
  }
  const requests: JsonObject[] = [];
  for (const item of written) {
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) requests.push(item);
    else flagOnce(place.flags, 'wrong_type');
  }
  return requests;
}

/** Some versions write a thought twice: in a record of its own and in the message. */
function repeatsThought(text: string, writtenIn: ThoughtPlace, source: Source): boolean {
  const key = digest(text);
  const before = source.thoughts.get(key);
  if (before !== undefined && before !== writtenIn) return source.thoughts.delete(key);
  source.thoughts.set(key, writtenIn);
  return false;
}

/** A response may be written in several records: they share the id of the request, and mostly only the last has the tokens. */
function noteResponse(place: Place, data: JsonObject, source: Source): void {
  const messageId = textField(place.flags, data['messageId']);
  addResponse(source.usage, textField(place.flags, data['apiCallId']) ?? messageId ?? place.key, {
    place,
    responseId: messageId,
    model: textField(place.flags, data['model']),
    // A sub-agent may run on another model than the session.
    assumedModel: place.threadId === MAIN_THREAD ? source.model : null,
    // A response always puts something out: 0 is what a provider leaves that reports nothing.
    outputTokens: countField(place.flags, data['outputTokens']) || null,
  });
}
