import { asText, isObject, type JsonObject } from '../../core/json.ts';
import { canonical, digest } from '../shared/keys.ts';
import type { Source } from './source.ts';

/** Entries that say so much that no other session writes the same at the same millisecond. */
const tellingTypes = new Set(['compaction', 'branch_summary', 'label']);
const tellingRoles = new Set(['assistant', 'toolResult', 'bashExecution']);

/**
 * What an entry is called in every copy of it. Ids are eight characters, new ones are invented for files of version 1 and for the
 * labels of a fork; the time stays, so an entry is known by its time and its content. Sessions that are started together may send the
 * same prompt in the same millisecond: prompts and settings keep their id where it is the agent's own.
 */
export function identityOf(value: JsonObject, source: Source): string {
  if (value['type'] === 'session') return `session:${asText(value['id']) ?? source.sessionId}`;
  const time = asText(value['timestamp']);
  const id = asText(value['id']);
  if (id !== null && time !== null && !isTelling(value) && !source.header.idsInvented) return `${id}:${time}`;
  return source.occurrences.next(`${time ?? source.sessionId}:${digest(canonical(contentOf(value)))}`);
}

function isTelling({ type, message }: JsonObject): boolean {
  if (tellingTypes.has(asText(type) ?? '')) return true;
  return isObject(message) && tellingRoles.has(asText(message['role']) ?? '');
}

/** The entry without what another version of pi, or a fork, writes anew. */
function contentOf(value: JsonObject): JsonObject {
  const { id: _id, parentId: _parent, firstKeptEntryId: _kept, firstKeptEntryIndex: _index, ...rest } = value;
  return rest;
}
