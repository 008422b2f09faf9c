import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { isoMoment } from '../../core/time.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;
const withOffset = /(?:Z|[+-]\d\d(?::?\d\d)?)$/;

export function placeOf(record: SourceRecord, recordType: string, source: Source): Place {
  const flags = [...record.flags];
  const ownTs = isObject(record.value) ? ownMoment(record.value, source.zone, flags) : null;
  if (ownTs !== null) source.lastTs = ownTs;
  const ts = ownTs ?? source.lastTs ?? source.firstTs;
  if (ts !== null && ts < START_OF_2023) flagOnce(flags, 'before_2023');
  return {
    key: source.occurrences.next(identityOf(record.value, source.sessionId)),
    copied: source.replay,
    sessionId: source.sessionId,
    parentSessionId: null,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: ownTs === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: source.cwd,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    recordType,
    flags,
  };
}

/** The message's own time; one without an offset is the clock of the machine that wrote it (formats.md 0.8). */
export function ownMoment(value: JsonObject, zone: string, flags: Flags): Micros | null {
  const text = textField(flags, value['timestamp']);
  if (text === null) return null;
  const moment = isoMoment(text, zone);
  if (moment === null) flagOnce(flags, 'wrong_type');
  else if (!withOffset.test(text.slice(10))) flagOnce(flags, 'assumed_zone');
  return moment;
}

/** The same in branches and forks, which copy messages with their times; a message without one belongs to its conversation. */
function identityOf(value: Json, session: string): string {
  if (!isObject(value)) return digest(`${session}\n${canonical(value)}`);
  const timestamp = asText(value['timestamp']);
  const own = [value['role'] ?? null, timestamp ?? { session }, value['content'] ?? null];
  return digest(canonical(own));
}
