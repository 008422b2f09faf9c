import type { AgentEvent } from '../../core/event.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import { apiError, interrupt, notice, unknown } from '../shared/events.ts';
import type { Place } from '../shared/place.ts';
import { apiErrorSubtype } from './api-errors.ts';
import { readContent } from './content.ts';
import { placeOf, type Session } from './locate.ts';
import { modelEvents } from './model.ts';
import type { Message } from './replay.ts';
import { userEvents } from './user.ts';

/** All events of one message, from its last version. */
export function messageEvents(message: Message, session: Session): readonly AgentEvent[] {
  const { id, spot, value } = message;
  const type = asText(value['type']);
  const place = placeOf(session, spot, id, type ?? 'untyped');
  switch (type) {
    case 'user':
      return conversation(session, false, userEvents(place, value, session));
    case 'gemini':
      return conversation(session, true, modelEvents(place, message, session));
    case 'info':
    case 'warning':
      return [noticeEvent(place, value)];
    case 'error':
      return [errorEvent(place, value)];
    default:
      return [unknown(place, 0, value)];
  }
}

function conversation(session: Session, isModel: boolean, events: readonly AgentEvent[]): readonly AgentEvent[] {
  session.afterModel = isModel;
  return events;
}

/** What the program says when the person pressed Escape. */
const stopped = /^(?:Request cancelled|User cancelled the request)\.?$/;

function noticeEvent(place: Place, value: JsonObject): AgentEvent {
  const { text } = readContent(place.flags, value['content']);
  return stopped.test(text.trim()) ? interrupt(place, 'turn', 0, text) : notice(place, 0, text);
}

/** Failures of requests, and of everything else that the program reports in red: MCP servers, commands, hooks. */
function errorEvent(place: Place, value: JsonObject): AgentEvent {
  const { text } = readContent(place.flags, value['content']);
  const subtype = apiErrorSubtype(text);
  return subtype === null ? notice(place, 0, text) : apiError(place, subtype, 0, text);
}
