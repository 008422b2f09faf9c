import type { AgentEvent, MetaSubtype } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { meta, plain, system } from '../shared/events.ts';
import type { Flags } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { readContent, type Content } from './content.ts';
import type { Session } from './locate.ts';

/** Between what was typed and the files that it names with `@`. */
const REFERENCED_FILES = '\n--- Content from referenced files ---';

/** A message of role user: a person's words, or what else travels as such (formats.md 3.7). */
export function userEvents(place: Place, value: JsonObject, session: Session): readonly AgentEvent[] {
  const content = readContent(place.flags, value['content']);
  // The results stand in the calls of the message before.
  if (content.hasToolResponse)
    return [meta(place, content.text.trim() === '' ? 'internal' : 'context', 0, content.text)];
  const text = shownText(place.flags, value, content);
  if (text.startsWith('<state_snapshot>')) return compactionEvents(place, text);
  const subtype = subtypeOf(text, session.afterModel);
  if (subtype !== null) return [meta(place, subtype, 0, text)];
  return typedEvents(place, text, session);
}

/** `displayContent` is what was typed, unless it holds tool results: then a machine wrote the message. */
function shownText(flags: Flags, value: JsonObject, content: Content): string {
  const shown = readContent(flags, value['displayContent']);
  if (!shown.hasToolResponse && shown.text.trim() !== '') return shown.text;
  return content.text.trim() === '' && content.hasFile ? '[image]' : content.text;
}

function compactionEvents(place: Place, text: string): readonly AgentEvent[] {
  return [
    system(place, 'compaction', null, { subtype: 'compaction', durationS: null }),
    plain(place, 'summary', 0, text),
  ];
}

function typedEvents(place: Place, text: string, session: Session): readonly AgentEvent[] {
  const end = text.indexOf(REFERENCED_FILES);
  const typed = end === -1 ? text : text.slice(0, end);
  const event = session.isSubAgent ? meta(place, 'subagent_prompt', 0, typed) : plain(place, 'prompt', 0, typed);
  return end === -1 ? [event] : [event, meta(place, 'context', 'files', text.slice(end + 1))];
}

/** Null for a person's words. */
function subtypeOf(text: string, afterModel: boolean): MetaSubtype | null {
  const start = text.trimStart();
  if (start === '') return 'internal';
  if (/^[/?]/.test(start)) return 'command';
  if (start.startsWith('I ran the following shell command:\n')) return 'shell';
  if (injected.test(start)) return 'context';
  const line = start.trimEnd();
  if (line === 'System: Please continue.' || (line === 'Please continue.' && afterModel)) return 'internal';
  return start.startsWith('System: Potential loop detected') ? 'internal' : null;
}

const injected =
  /^(?:<(?:session_context|hook_context|untrusted_context|system-reminder)\b|This is the Gemini CLI\. We are setting up the context)/;
