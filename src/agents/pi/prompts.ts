import type { AgentEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { meta, plain } from '../shared/events.ts';
import type { Place } from '../shared/place.ts';
import { contentText } from './content.ts';

/** Blocks that pi itself writes before what a person typed: the text of a skill that was called, and files that were attached. */
const leadingBlock = /^<(?:skill|file) name="([^"\n]*)"[^>\n]*>/;

/** A message of role `user` is one prompt, without what pi wrote before it. */
export function promptEvents(place: Place, message: JsonObject): AgentEvent[] {
  const events: AgentEvent[] = [];
  let rest = contentText(place, message['content']);
  let skill: string | null = null;
  for (let end = blockEnd(rest); end > 0; end = blockEnd(rest)) {
    const block = rest.slice(0, end);
    const isSkill = block.startsWith('<skill ');
    if (isSkill) skill ??= leadingBlock.exec(block)?.[1] ?? null;
    events.push(meta(place, isSkill ? 'skill' : 'context', `block-${events.length}`, block));
    rest = rest.slice(end).trimStart();
  }
  if (rest.trim() !== '') return [...events, plain(place, 'prompt', 0, rest)];
  // A person called the skill and typed nothing else.
  if (skill !== null) return [...events, meta(place, 'command', 0, `/skill:${skill}`)];
  return events.length > 0 ? events : [meta(place, 'context', 0, null)];
}

/** Where the block that begins the text ends; 0 when none does. */
function blockEnd(text: string): number {
  const open = leadingBlock.exec(text)?.[0];
  if (open === undefined) return 0;
  const close = open.startsWith('<skill') ? '</skill>' : '</file>';
  const at = text.indexOf(close, open.length);
  return at === -1 ? 0 : at + close.length;
}
