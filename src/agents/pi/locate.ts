import type { Micros } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { flagOnce, numberField, textField, type Flags } from '../shared/fields.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { identityOf } from './identity.ts';
import type { Source } from './source.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;

export function placeOf(record: SourceRecord, value: JsonObject, recordType: string, source: Source): Place {
  const flags = [...record.flags];
  const ownTs = ownMoment(value, flags);
  const ts = ownTs ?? source.lastTs ?? source.firstTs;
  if (ownTs !== null) source.lastTs = ownTs;
  if (ts !== null && ts < START_OF_2023) flagOnce(flags, 'before_2023');
  const { copiedBefore, cwd } = source.header;
  return {
    key: identityOf(value, source),
    copied: copiedBefore !== null && ownTs !== null && ownTs < copiedBefore,
    sessionId: source.sessionId,
    parentSessionId: null,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: ownTs === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    recordType,
    flags,
  };
}

/** When the entry was written, else when its message began. */
export function ownMoment(value: JsonObject, flags: Flags): Micros | null {
  const text = textField(flags, value['timestamp']);
  const written = text === null ? null : readMoment(text, flags);
  if (written !== null) return written;
  if (text !== null) flagOnce(flags, 'wrong_type');
  const message = value['message'];
  return isObject(message) ? messageMoment(message, flags) : null;
}

/** A message's time is in milliseconds since 1970. */
function messageMoment(message: JsonObject, flags: Flags): Micros | null {
  const milliseconds = numberField(flags, message['timestamp']);
  const micros = milliseconds === null ? Number.NaN : Math.round(milliseconds * 1000);
  return Number.isSafeInteger(micros) && micros > 0 ? micros : null;
}
