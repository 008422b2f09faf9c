import type { AgentEvent } from '../../core/event.ts';
import { asText, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { meta } from '../shared/events.ts';
import { flagOnce, numberField, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { turnKeys } from './identity.ts';
import { momentField, placeOf, sessionOf } from './locate.ts';
import { readTurn } from './turn.ts';
import { newConversation, turnEvents } from './turns.ts';

/** A whole session: when it began, where it comes from, its turns, and when it was last changed. */
export function* sessionEvents(record: SourceRecord, value: JsonObject, hint: SourceHint): Generator<AgentEvent> {
  const flags = [...record.flags];
  const session = sessionOf(value['id']) ?? hint.sessionId ?? `unidentified-${digest(canonical(value)).slice(0, 8)}`;
  const created = momentField(flags, value['created']);
  const updated = momentField(flags, value['updated']);
  const cwd = textField(flags, value['cwd']);
  const about = headline(flags, value);
  const all = { session, recordType: 'session', ts: created, own: true, flags, cwd };
  yield meta(placeOf(record, { ...all, key: `created:${session}` }), 'internal', 0, about);
  for (const [name, text] of linksOf(flags, value)) {
    const known = { ...all, ts: created ?? updated, own: false };
    yield meta(placeOf(record, { ...known, key: `link:${session}:${name}` }), 'link', 0, text);
  }
  const turns = turnsOf(flags, value).map(readTurn);
  const keys = turnKeys(turns, scopeOf(value, session));
  const conversation = newConversation(turns);
  for (const [index, turn] of turns.entries()) {
    const known = { ...all, ts: created ?? updated, own: false, flags: [...record.flags] };
    const place = placeOf(record, { ...known, key: keys[index] ?? '', recordType: turn.role ?? 'unknown' });
    yield* turnEvents(place, turn, index, conversation);
  }
  // Each kept state of a session has its own last change, also the one before `/compact`.
  const last = `updated:${asText(value['id']) ?? session}`;
  yield meta(placeOf(record, { ...all, key: last, ts: updated, flags: [...record.flags] }), 'internal', 0, null);
}

/** An empty session has `null`, as Go writes an empty list. */
function turnsOf(flags: Flags, value: JsonObject): readonly Json[] {
  const turns = value['turns'];
  if (Array.isArray(turns)) return turns;
  if (turns !== null) flagOnce(flags, 'wrong_type');
  return [];
}

function headline(flags: Flags, value: JsonObject): string {
  const fields = ['title', 'provider', 'protocol', 'model'].map(
    (name) => [name, textField(flags, value[name])] as const,
  );
  const hops = numberField(flags, value['hops']);
  return [...fields, ['hops', hops] as const]
    .flatMap(([name, told]) => (told === null ? [] : [`${name}: ${told}`]))
    .join('\n');
}

/** A fork keeps the parent of the session that it copies, so its title says where it comes from. */
function linksOf(flags: Flags, value: JsonObject): (readonly [string, string])[] {
  const source = forkOf(value);
  const parent = textField(flags, value['parent']);
  const heir = textField(flags, value['continued_by']);
  const links: (readonly [string, string])[] = [];
  if (source !== null) links.push(['fork', `fork of session ${source}`]);
  else if (parent !== null) links.push(['parent', `continues session ${parent}`]);
  if (heir !== null) links.push(['heir', `continued by session ${heir}`]);
  return links;
}

function forkOf(value: JsonObject): string | null {
  return /^fork of (\S+)$/.exec(asText(value['title']) ?? '')?.[1] ?? null;
}

/** The first session of the chain, or the one that a fork has copied; else the session itself. */
function scopeOf(value: JsonObject, session: string): string {
  return asText(value['chain']) ?? sessionOf(forkOf(value)) ?? session;
}
