import type { AgentEvent } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { meta, plain } from '../shared/events.ts';
import type { Place } from '../shared/place.ts';

const OPEN = '<user_query>';
const CLOSE = '</user_query>';

/** What a person typed stands in `<user_query>`; all around it is context that Cursor wrote (`<user_info>` and the like). */
export function promptEvents(place: Place, text: string): AgentEvent[] {
  const { typed, context } = split(text);
  const events: AgentEvent[] = [];
  if (context !== '') events.push(meta(place, 'context', 'context', context));
  if (typed === '') return events;
  const isPerson = place.threadId === MAIN_THREAD;
  events.push(isPerson ? plain(place, 'prompt', 'prompt', typed) : meta(place, 'subagent_prompt', 'prompt', typed));
  return events;
}

interface Parts {
  readonly typed: string;
  readonly context: string;
}

function split(text: string): Parts {
  const typed: string[] = [];
  const around: string[] = [];
  let from = 0;
  for (let start = text.indexOf(OPEN); start !== -1; start = text.indexOf(OPEN, from)) {
    around.push(text.slice(from, start));
    const end = text.indexOf(CLOSE, start);
    const stop = end === -1 ? text.length : end;
    typed.push(text.slice(start + OPEN.length, stop));
    from = end === -1 ? stop : stop + CLOSE.length;
  }
  // A text without the tag is a person's as well, unless it begins with a tag of Cursor's own.
  if (typed.length === 0)
    return isTagged(text) ? { typed: '', context: text.trim() } : { typed: text.trim(), context: '' };
  return { typed: joined(typed), context: joined([...around, text.slice(from)]) };
}

function isTagged(text: string): boolean {
  return /^\s*<[a-z][a-z0-9_-]*[\s>]/.test(text);
}

function joined(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n');
}
