import { MAIN_THREAD } from '../../core/ids.ts';
import type { Micros } from '../../core/event.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import { contentDigest } from './keys.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;

export function placeOf(record: SourceRecord, value: JsonObject, recordType: string, source: Source): Place {
  const flags = [...record.flags];
  const uuid = textField(flags, value['uuid']);
  const original = forkedFrom(value);
  const identity = original ?? uuid;
  const threadId = threadOf(value, uuid, identity, source);
  const ownTs = ownMoment(value, flags);
  const ts = ownTs ?? source.lastTs ?? source.firstTs;
  // An update of a file snapshot repeats the snapshot's old time, which is no neighbour for the lines after it.
  if (ownTs !== null && value['isSnapshotUpdate'] !== true) source.lastTs = ownTs;
  if (ts !== null && ts < START_OF_2023) flagOnce(flags, 'before_2023');
  if (uuid !== null) source.uuids.add(uuid);
  return {
    key: identity ?? contentKey(value, recordType, source),
    copied: source.replay || original !== null || value['sessionKind'] === 'bg',
    sessionId: source.sessionId,
    parentSessionId: null,
    threadId,
    parentCallId: threadId === MAIN_THREAD ? null : (source.callOfThread.get(threadId) ?? null),
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: ownTs === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: textField(flags, value['cwd']),
    gitBranch: branchOf(textField(flags, value['gitBranch'])),
    agentVersion: textField(flags, value['version']),
    entrypoint: textField(flags, value['entrypoint']),
    recordType,
    flags,
  };
}

/** `HEAD` is what a checkout without a branch, or an unknown one, is called (formats.md 1.2). */
function branchOf(name: string | null): string | null {
  return name === 'HEAD' ? null : name;
}

/** The record's own time; a file snapshot has it one level deeper. */
export function ownMoment(value: JsonObject, flags: Flags): Micros | null {
  const snapshot = value['snapshot'];
  const written = value['timestamp'] ?? (isObject(snapshot) ? snapshot['timestamp'] : undefined);
  const text = textField(flags, written);
  if (text === null) return null;
  const moment = readMoment(text, flags);
  if (moment === null) flagOnce(flags, 'wrong_type');
  return moment;
}

/** The uuid that a forked line had in the session that it was copied from (formats.md 1.10). */
function forkedFrom(value: JsonObject): string | null {
  const from = value['forkedFrom'];
  return isObject(from) ? asText(from['messageUuid']) : null;
}

/** Equal lines of one source are told apart by their number, which is the same in a copy of the file. */
function contentKey(value: JsonObject, recordType: string, source: Source): string {
  const key = `${recordType}:${contentDigest(value, source.sessionId)}`;
  const occurrence = (source.occurrences.get(key) ?? 0) + 1;
  source.occurrences.set(key, occurrence);
  return `${key}:${occurrence}`;
}

function threadOf(value: JsonObject, uuid: string | null, identity: string | null, source: Source): string {
  if (source.fileThread !== null) return source.fileThread;
  if (value['isSidechain'] !== true) return MAIN_THREAD;
  const agent = asText(value['agentId']);
  return agent ?? inlineThread(value, uuid, identity, source);
}

/** Versions 1.x write a sub-agent's lines into the main file without any id: its root names the thread. */
function inlineThread(value: JsonObject, uuid: string | null, identity: string | null, source: Source): string {
  const parent = asText(value['parentUuid']);
  const inherited = parent === null ? undefined : source.inlineThreads.get(parent);
  const thread = inherited ?? `sidechain-${(identity ?? parent ?? 'unknown').slice(0, 8)}`;
  if (uuid !== null) source.inlineThreads.set(uuid, thread);
  if (inherited === undefined) linkToCall(thread, value, source);
  return thread;
}

/** The text of an inline sub-agent's root equals the prompt of the call that started it. */
function linkToCall(thread: string, value: JsonObject, source: Source): void {
  const message = value['message'];
  const content = isObject(message) ? message['content'] : undefined;
  const first = Array.isArray(content) ? content[0] : content;
  const text = isObject(first) ? first['text'] : first;
  const call = typeof text === 'string' ? source.callOfPrompt.get(text) : undefined;
  if (call !== undefined) source.callOfThread.set(thread, call);
}
