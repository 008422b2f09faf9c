import type { AgentEvent } from '../../core/event.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import { apiError, interrupt, meta, notice, plain } from '../shared/events.ts';
import type { Place } from '../shared/place.ts';
import type { Start } from './source.ts';

/** Who wrote the texts of a message of role `user`. `program`: it is shown to the person, the model never sees it. */
export type Author = 'person' | 'program' | 'context' | 'subagent_prompt' | 'notification';

/** The first line of what older versions give to a sub-agent. */
const SUBAGENT_PROMPT = '# Task Tool Invocation';

export function authorOf(message: JsonObject, start: Start): Author {
  const visibility = asText(message['visibility']);
  if (visibility === 'user_only') return 'program';
  if (visibility === 'llm_only') return 'context';
  if (start.callingSession !== null) return 'subagent_prompt';
  return asText(message['userMessageSource']) === 'automation' ? 'notification' : 'person';
}

/** A text that no person typed; null for one that is part of the prompt. */
export function spokenEvent(place: Place, index: number, text: string, author: Author): AgentEvent | null {
  if (author === 'program') return programEvent(place, index, text);
  if (text.startsWith('[Request interrupted')) return interrupt(place, 'turn', index, text);
  if (author !== 'person') return meta(place, author, index, text);
  if (text.startsWith(SUBAGENT_PROMPT)) return meta(place, 'subagent_prompt', index, text);
  return /^<[a-z][a-z0-9_-]*[\s>]/.test(text) ? meta(place, 'context', index, text) : null;
}

export function promptOf(place: Place, text: string): AgentEvent {
  return plain(place, 'prompt', 'prompt', text);
}

/** What the program tells the person: a limit ends the turn, anything else is a notice. */
function programEvent(place: Place, index: number, text: string): AgentEvent {
  if (/^[^\n]{0,80}\blimit reached\b/i.test(text)) return apiError(place, 'rate_limit', index, text);
  return notice(place, index, text);
}
