import { MAIN_THREAD, sessionId, type SessionId } from '../../core/ids.ts';
import { isObject, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { canonical, digest, Occurrences } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';

/** What is remembered while one transcript is read; only its path names the session. */
export interface Source {
  readonly sessionId: SessionId;
  /** `main`, or the sub-agent whose file this is. */
  readonly threadId: string;
  readonly occurrences: Occurrences;
}

export function openSource(hint: SourceHint, first: Json): Source {
  const session = hint.sessionId ?? `unidentified-${digest(canonical(first)).slice(0, 8)}`;
  return { sessionId: sessionId(session), threadId: hint.threadId ?? MAIN_THREAD, occurrences: new Occurrences() };
}

/** A line has no id and no time: it is known by its thread, its content, and how often that came before. */
export function placeOf(record: SourceRecord, source: Source): Place {
  const { sessionId, threadId } = source;
  return {
    key: source.occurrences.next(`${sessionId}:${threadId}:${digest(canonical(record.value))}`),
    copied: false,
    sessionId,
    parentSessionId: null,
    threadId,
    parentCallId: null,
    line: record.line,
    offset: record.offset,
    ts: null,
    tsSource: null,
    cwd: null,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    recordType: recordTypeOf(record.value),
    flags: [...record.flags],
  };
}

function recordTypeOf(value: Json): string {
  if (!isObject(value)) return 'untyped';
  const type = value['role'] ?? value['type'];
  return typeof type === 'string' && type !== '' ? type : 'untyped';
}
