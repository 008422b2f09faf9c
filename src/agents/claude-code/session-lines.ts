import type { AgentEvent, MetaSubtype } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { meta } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** What a line about the session is, and which field says it; null: nothing of it is worth a text. */
type SessionLine = readonly [MetaSubtype, string | null];

/** Lines without a message: titles, modes, links and the program's own bookkeeping (formats.md 1.3). */
const lines = new Map<string, SessionLine>([
  ['ai-title', ['title_ai', 'aiTitle']],
  ['custom-title', ['title_custom', 'customTitle']],
  ['agent-name', ['label', 'agentName']],
  ['tag', ['label', 'tag']],
  ['agent-setting', ['label', 'agentSetting']],
  ['permission-mode', ['mode', 'permissionMode']],
  ['mode', ['mode', 'mode']],
  ['pr-link', ['link', 'prUrl']],
  ['frame-link', ['link', 'frameUrl']],
  ['continued-in', ['link', 'continuedInSessionId']],
  ['relocated', ['moved', 'relocatedCwd']],
  ['worktree-state', ['moved', null]],
  ['file-history-snapshot', ['snapshot', null]],
  ['file-history-delta', ['snapshot', 'trackingPath']],
  ['last-prompt', ['internal', null]],
  ['bridge-session', ['internal', null]],
  ['derived-from', ['internal', null]],
  ['content-replacement', ['internal', null]],
  ['attribution-snapshot', ['internal', null]],
  ['atis-latch', ['internal', null]],
  ['tools-used', ['internal', null]],
  ['data-flow-records', ['internal', null]],
]);

/** The event of such a line, or null when the type is none of them. */
export function sessionLineEvent(place: Place, type: string, value: JsonObject): AgentEvent | null {
  const line = lines.get(type);
  if (line === undefined) return null;
  const [subtype, field] = line;
  if (type === 'worktree-state') return meta(place, subtype, 0, worktreePath(place, value));
  return meta(place, subtype, 0, field === null ? null : textField(place.flags, value[field]));
}

function worktreePath(place: Place, value: JsonObject): string | null {
  const session = value['worktreeSession'];
  return isObject(session) ? textField(place.flags, session['worktreePath']) : null;
}
