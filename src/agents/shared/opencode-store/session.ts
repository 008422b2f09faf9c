import type { AgentEvent } from '../../../core/event.ts';
import { asText, isObject, type Json } from '../../../core/json.ts';
import { meta, notice } from '../events.ts';
import { textField } from '../fields.ts';
import { digest } from '../keys.ts';
import { momentOf } from './moments.ts';
import { atTime, sessionPlace, type Source } from './source.ts';
import type { StoredSession } from './store.ts';

/** What the program calls a session before it has a title. */
const untitled = /^(?:New|Child) session - \d{4}-\d\d-\d\dT/;
const forkSuffix = / \(fork #\d+\)$/;

/** The session's own record: its title, where it was forked from, and the messages that are hidden by an undo. */
export function sessionEvents(session: StoredSession, source: Source): AgentEvent[] {
  const bare = sessionPlace(source, session.at, 'session', `session:${source.sessionId}`);
  const place = atTime(bare, momentOf(bare.flags, session.created));
  const events: AgentEvent[] = [];
  const title = textField(place.flags, session.title);
  if (title !== null && !untitled.test(title)) {
    events.push(meta(place, 'title_ai', `title:${digest(title).slice(0, 16)}`, title));
  }
  const origin = textField(place.flags, session.forkSessionId);
  if (origin !== null) events.push(meta(place, 'link', 'fork', `forked from ${origin}`));
  else if (title !== null && forkSuffix.test(title)) {
    events.push(meta(place, 'link', 'fork', `forked from "${title.replace(forkSuffix, '')}"`));
  }
  const undone = revertedTo(session.revert);
  if (undone !== null) events.push(notice(place, `revert:${undone}`, `reverted to ${undone}`));
  if (events.length === 0) events.push(meta(place, 'internal', 0, null));
  return events;
}

function revertedTo(revert: Json | undefined): string | null {
  if (typeof revert !== 'string') return isObject(revert) ? asText(revert['messageID']) : null;
  return /"messageID"\s*:\s*"([^"]+)"/.exec(revert)?.[1] ?? null;
}
