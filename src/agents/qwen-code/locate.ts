import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

export function placeOf(record: SourceRecord, value: JsonObject, recordType: string, source: Source): Place {
  const flags = [...record.flags];
  const ownTs = ownMoment(value, flags);
  source.lastTs = ownTs ?? source.lastTs;
  source.cwd = textField(flags, value['cwd']) ?? source.cwd;
  source.gitBranch = textField(flags, value['gitBranch']) ?? source.gitBranch;
  source.agentVersion = textField(flags, value['version']) ?? source.agentVersion;
  const ts = source.lastTs ?? source.firstTs;
  const identity = identityOf(value, flags);
  return {
    key: identity === null ? contentKey(value, recordType, source) : pieceKey(identity, value, source),
    copied: isObject(value['forkedFrom']),
    sessionId: source.sessionId,
    parentSessionId: source.parentSessionId,
    threadId: threadOf(value, source),
    parentCallId: null,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: ownTs === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: source.cwd,
    gitBranch: source.gitBranch,
    agentVersion: source.agentVersion,
    entrypoint: source.entrypoint,
    recordType,
    flags,
  };
}

export function ownMoment(value: JsonObject, flags: Flags): Micros | null {
  const text = textField(flags, value['timestamp']);
  if (text === null) return null;
  const moment = readMoment(text, flags);
  if (moment === null) flagOnce(flags, 'wrong_type');
  return moment;
}

/** A branch keeps the uuid of every line that it copies, and says so. */
function identityOf(value: JsonObject, flags: Flags): string | null {
  const uuid = textField(flags, value['uuid']);
  const from = value['forkedFrom'];
  return (isObject(from) ? asText(from['messageUuid']) : null) ?? uuid;
}

/** A message may come in several lines with one uuid, each at a time of its own; a line that is written twice is one. */
function pieceKey(identity: string, value: JsonObject, source: Source): string {
  const moment = asText(value['timestamp']) ?? '';
  const moments = source.pieces.get(identity);
  if (moments === undefined) {
    source.pieces.set(identity, [moment]);
    return identity;
  }
  if (!moments.includes(moment)) moments.push(moment);
  const number = moments.indexOf(moment) + 1;
  return number === 1 ? identity : `${identity}:${number}`;
}

/** What all lines of one message have in common. */
export function messageOf(value: JsonObject, place: Place): string {
  return identityOf(value, []) ?? place.key;
}

/** Equal lines of one source are told apart by their number, which is the same in a copy of the file. */
function contentKey(value: Json, recordType: string, source: Source): string {
  return source.occurrences.next(`${source.sessionId}:${recordType}:${digest(canonical(value))}`);
}

/** A sub-agent's lines bear the session that started it, and the agent's own id. */
function threadOf(value: JsonObject, source: Source): string {
  if (source.fileThread !== null) return source.fileThread;
  return value['isSidechain'] === true ? (asText(value['agentId']) ?? 'sidechain') : MAIN_THREAD;
}
