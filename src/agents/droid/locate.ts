import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD, sessionId } from '../../core/ids.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;

export function placeOf(record: SourceRecord, value: JsonObject, recordType: string, source: Source): Place {
  const flags = [...record.flags];
  const ownTs = momentField(flags, value['timestamp']);
  const ts = ownTs ?? source.lastTs ?? source.firstTs;
  if (ownTs !== null) source.lastTs = ownTs;
  if (ts !== null && ts < START_OF_2023) flagOnce(flags, 'before_2023');
  const { cwd, version, callingSession, callingCall } = source.start;
  return {
    key: identityOf(value, source),
    copied: false,
    sessionId: source.sessionId,
    parentSessionId: callingSession === null ? null : sessionId(callingSession),
    threadId: MAIN_THREAD,
    parentCallId: callingCall,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: ownTs === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd,
    gitBranch: null,
    agentVersion: version,
    entrypoint: null,
    recordType,
    flags,
  };
}

export function momentField(flags: Flags, value: JsonObject[string]): Micros | null {
  const text = textField(flags, value);
  const moment = text === null ? null : readMoment(text, flags);
  if (text !== null && moment === null) flagOnce(flags, 'wrong_type');
  return moment;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A uuid is the record's own in every copy; a shorter id only within its session, and other records are known by their content. */
function identityOf(value: JsonObject, source: Source): string {
  if (value['type'] === 'session_start') return `session:${source.sessionId}`;
  const id = asText(value['id']);
  if (id !== null) return source.occurrences.next(uuid.test(id) ? id : `${source.sessionId}:${id}`);
  return source.occurrences.next(`${source.sessionId}:${digest(canonical(value))}`);
}
