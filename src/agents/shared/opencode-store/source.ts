import type { SourceHint } from '../../agent.ts';
import type { Micros } from '../../../core/event.ts';
import { MAIN_THREAD, sessionId, type SessionId } from '../../../core/ids.ts';
import { asText, isObject } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import { canonical, digest, Occurrences } from '../keys.ts';
import type { Place } from '../place.ts';
import { momentOf } from './moments.ts';
import type { Store, StoredMessage } from './store.ts';

/** What is remembered while one session is read. */
export interface Source {
  readonly sessionId: SessionId;
  readonly parentSessionId: SessionId | null;
  readonly cwd: string | null;
  readonly agentVersion: string | null;
  /** Older messages were copied from another session. */
  readonly created: Micros | null;
  /** What a session and its forks have in common, so that both give a message the same key. */
  readonly lineage: string;
  readonly messages: Occurrences;
  readonly calls: Occurrences;
  readonly usages: Occurrences;
  readonly others: Occurrences;
  lastTs: Micros | null;
  /** The person ran a command with `!`: the next message of the agent is its output. */
  shellRun: boolean;
  /** A compaction was asked for, and its summary has not come yet. */
  compacting: boolean;
}

export function openSource(store: Store, hint: SourceHint): Source {
  const { session, messages } = store;
  const created = session === null ? null : momentOf([], session.created);
  const own = asText(session?.id) ?? sessionOfMessages(messages) ?? hint.sessionId ?? hint.member;
  const id = sessionId(own ?? unidentified(store));
  const parent = asText(session?.parentId);
  return {
    sessionId: id,
    parentSessionId: parent === null ? null : sessionId(parent),
    cwd: asText(session?.directory),
    agentVersion: asText(session?.version),
    created,
    lineage: parent === null ? lineageOf(messages) : id,
    messages: new Occurrences(),
    calls: new Occurrences(),
    usages: new Occurrences(),
    others: new Occurrences(),
    lastTs: created ?? firstMoment(messages),
    shellRun: false,
    compacting: false,
  };
}

/**
 * A fork copies messages under new ids and keeps everything in them, so its first message tells the family. The sub-agents of one
 * message can start in the same millisecond with the same prompt, and nobody forks them: their own id is theirs.
 */
function lineageOf(messages: readonly StoredMessage[]): string {
  const first = messages[0];
  const text = first?.parts.find(({ type }) => type === 'text')?.value['text'];
  return digest(canonical([first?.created ?? null, text ?? null])).slice(0, 16);
}

/** Identity of a message in its session and in every fork of it. */
function messageKey(message: StoredMessage, source: Source): string {
  const { role, created, id, info } = message;
  const moment = created === undefined || created === null ? (id ?? digest(canonical(info))) : canonical(created);
  return source.messages.next(`${source.lineage}:${role === '' ? 'unknown' : role}:${moment}`);
}

/** What the events of a record have in common that belongs to no message. */
export function sessionPlace(source: Source, at: SourceRecord, recordType: string, key: string): Place {
  return {
    key,
    copied: false,
    sessionId: source.sessionId,
    parentSessionId: source.parentSessionId,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: at.line,
    offset: at.offset,
    ts: source.lastTs,
    tsSource: source.lastTs === null ? null : 'neighbour',
    cwd: source.cwd,
    gitBranch: null,
    agentVersion: source.agentVersion,
    entrypoint: null,
    recordType,
    flags: [...at.flags],
  };
}

/** A record's place at its own time; without one it keeps the time of what came before it. */
export function atTime(place: Place, moment: Micros | null): Place {
  return moment === null ? place : { ...place, ts: moment, tsSource: 'event' };
}

/** `message.user`, `session_message.shell`. */
export function typeOf({ generation, role }: StoredMessage): string {
  return `${generation}.${role === '' ? 'unknown' : role}`;
}

export function messagePlace(source: Source, message: StoredMessage, at: SourceRecord): Place {
  const place = sessionPlace(source, at, typeOf(message), messageKey(message, source));
  const moment = momentOf(place.flags, message.created);
  source.lastTs = moment ?? source.lastTs;
  const { path } = message.info;
  return {
    ...atTime(place, moment),
    copied: moment !== null && source.created !== null && moment < source.created,
    cwd: source.cwd ?? (isObject(path) ? asText(path['cwd']) : null),
  };
}

function sessionOfMessages(messages: readonly StoredMessage[]): string | null {
  for (const { info, parts } of messages) {
    const id = asText(info['sessionID']) ?? asText(parts[0]?.value['sessionID']);
    if (id !== null) return id;
  }
  return null;
}

function firstMoment(messages: readonly StoredMessage[]): Micros | null {
  for (const { created } of messages) {
    const moment = momentOf([], created);
    if (moment !== null) return moment;
  }
  return null;
}

/** A stable id for records that name no session anywhere: the first one's content. */
function unidentified({ messages, strays, repeated }: Store): string {
  const value = messages[0]?.info ?? strays[0]?.value ?? repeated[0]?.value ?? null;
  return `unidentified-${digest(canonical(value)).slice(0, 8)}`;
}
