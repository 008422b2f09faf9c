import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD, sessionId, type SessionId } from '../../core/ids.ts';
import { asArray, asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { flagOnce, objectField, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest, Occurrences } from '../shared/keys.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;
const END_OF_TIME_MS = Date.UTC(2200, 0, 1);

/** What is known of a thread while its messages are read. */
export interface Thread {
  readonly record: SourceRecord;
  readonly sessionId: SessionId;
  readonly cwd: string | null;
  readonly agentVersion: string | null;
  readonly entrypoint: string | null;
  /** What is wrong with the fields of the thread itself. */
  readonly flags: Flags;
  /** Tells messages apart that bear the same number, or none. */
  readonly occurrences: Occurrences;
  /** The nearest earlier time; at the beginning the thread's own. */
  lastTs: Micros | null;
}

export function openThread(record: SourceRecord, document: JsonObject, hint: SourceHint): Thread {
  const flags: Flags = [];
  const initial = partOf(partOf(document, 'env'), 'initial');
  const platform = partOf(initial, 'platform');
  return {
    record,
    sessionId: sessionId(asText(document['id']) ?? hint.sessionId ?? unidentified(document)),
    cwd: directoryOf(initial),
    agentVersion: textField(flags, platform['clientVersion']),
    entrypoint: textField(flags, platform['client']),
    flags,
    occurrences: new Occurrences(),
    lastTs: momentField(flags, document['created']) ?? firstTime(document),
  };
}

/** What the events of one entry share; `own` is the entry's own time. */
export function placeOf(thread: Thread, key: string, recordType: string, own: Micros | null, flags: Flags): Place {
  thread.lastTs = own ?? thread.lastTs;
  const ts = thread.lastTs;
  if (ts !== null && ts < START_OF_2023) flagOnce(flags, 'before_2023');
  return {
    key,
    copied: false,
    sessionId: thread.sessionId,
    parentSessionId: null,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: thread.record.line,
    offset: thread.record.offset,
    ts,
    tsSource: own === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: thread.cwd,
    gitBranch: null,
    agentVersion: thread.agentVersion,
    entrypoint: thread.entrypoint,
    recordType,
    flags,
  };
}

/** Milliseconds since 1970, or an ISO time. */
export function momentField(flags: Flags, value: JsonObject[string]): Micros | null {
  if (typeof value === 'string') {
    const moment = readMoment(value, flags);
    if (moment === null && value !== '') flagOnce(flags, 'wrong_type');
    return moment;
  }
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && value > 0 && value < END_OF_TIME_MS) return Math.round(value * 1000);
  flagOnce(flags, 'wrong_type');
  return null;
}

/** When a message was sent or answered. */
export function messageTime(flags: Flags, message: JsonObject): Micros | null {
  const meta = objectField(flags, message['meta']);
  const usage = objectField(flags, message['usage']);
  return momentField(flags, meta?.['sentAt']) ?? momentField(flags, usage?.['timestamp']);
}

/** The first time in a thread that does not say when it was made. */
function firstTime(document: JsonObject): Micros | null {
  for (const message of asArray(document['messages']) ?? []) {
    const time = isObject(message) ? messageTime([], message) : null;
    if (time !== null) return time;
  }
  return null;
}

function partOf(value: JsonObject, name: string): JsonObject {
  const part = value[name];
  return isObject(part) ? part : {};
}

function directoryOf(initial: JsonObject): string | null {
  const tree = asArray(initial['trees'])?.[0];
  const uri = isObject(tree) ? asText(tree['uri']) : null;
  return uri === null ? null : pathOfUri(uri);
}

/** `/home/ann/shop` of `file:///home/ann/shop`, `C:/shop` of `file:///c%3A/shop`. */
function pathOfUri(uri: string): string | null {
  const encoded = /^file:\/\/[^/]*(\/.*)$/.exec(uri)?.[1];
  if (encoded === undefined) return null;
  const path = decoded(encoded);
  const drive = /^\/([A-Za-z]):(.*)$/.exec(path);
  return drive === null ? path : `${(drive[1] ?? '').toUpperCase()}:${drive[2] ?? ''}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A stable id for a document that names no thread. */
function unidentified(document: JsonObject): string {
  return `unidentified-${digest(canonical(document['messages'] ?? document)).slice(0, 8)}`;
}
