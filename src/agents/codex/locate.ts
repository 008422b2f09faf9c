import { MAIN_THREAD } from '../../core/ids.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { flagOnce } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import type { Entry } from './entries.ts';
import type { Owned } from './lineage.ts';
import type { Source } from './source.ts';

/** Fields that may differ between copies of a line: names that only its writer gave it, time and place in the file. */
const ofTheLine = new Set(['timestamp', 'ordinal']);
const unstable = new Set(['id', 'metadata', 'internal_chat_message_metadata_passthrough']);

/** What all events of an entry share. `name` is its identity within the world, or within its scope where nothing unique is written. */
export function placeOf(owned: Owned, name: string, source: Source): Place {
  const { entry, thread, copied } = owned;
  const flags = [...entry.record.flags];
  if (entry.hasOddTime) flagOnce(flags, 'wrong_type');
  if (owned.uncertain) flagOnce(flags, 'uncertain_copy');
  const ts = entry.ts ?? source.lastTs ?? source.firstTs;
  // A copied line bears the time of the copy, which is not when it happened.
  const isOwnTime = entry.ts !== null && !copied;
  return {
    key: source.occurrences.next(name),
    copied,
    sessionId: thread.id,
    parentSessionId: thread.parentId,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: entry.record.line,
    offset: entry.record.offset,
    ts,
    tsSource: isOwnTime ? 'event' : ts === null ? null : 'neighbour',
    cwd: source.cwd ?? thread.cwd,
    gitBranch: thread.gitBranch,
    agentVersion: thread.agentVersion,
    entrypoint: thread.entrypoint,
    recordType: recordTypeOf(owned),
    flags,
  };
}

/** `response_item.message`, `event_msg.item_completed.Plan`: the type with those that refine it. */
function recordTypeOf({ entry }: Owned): string {
  const { type, inner, payload } = entry;
  const item = payload['item'];
  const refined = inner === 'item_completed' && isObject(item) ? asText(item['type']) : null;
  const named = [type, type === 'response_item' || type === 'event_msg' ? inner : '', refined ?? ''];
  return named.filter((part) => part !== '').join('.');
}

/** Identity of an entry that nothing names: its content, within its scope. */
export function contentName(owned: Owned): string {
  const { type, inner } = owned.entry;
  return scopedName(owned, `${type}.${inner}`, digest(canonical(contentOf(owned.entry))));
}

/** What an entry says; copies of a line differ in the rest. */
function contentOf({ payload, value }: Entry): Json {
  if (Object.keys(payload).length > 0) return without(payload, unstable);
  return { value: isObject(value) ? without(value, ofTheLine) : value };
}

function without(value: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !names.has(key)));
}

export function scopedName({ scope }: Owned, kind: string, name: string): string {
  return `${kind}:${scope}:${name}`;
}

/** Identity of a call, or of its result: ids that are unique in the world stand alone, others (`call_1`) only in their thread. */
export function callName({ thread }: Owned, kind: 'call' | 'result', callId: string): string {
  const isUnique = callId.length >= 20 && /\d/.test(callId) && /[A-Za-z]/.test(callId);
  return isUnique ? `${kind}:${callId}` : `${kind}:${thread.id}:${callId}`;
}
