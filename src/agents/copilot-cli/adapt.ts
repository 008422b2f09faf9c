import type { SourceHint } from '../agent.ts';
import type { AgentEvent, Micros } from '../../core/event.ts';
import { sessionId } from '../../core/ids.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { unknown } from '../shared/events.ts';
import { objectField } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { readMoment } from '../shared/moments.ts';
import { closeCalls } from './calls.ts';
import { placeOf } from './locate.ts';
import { eventsOfType } from './record-types.ts';
import { noteSession } from './session.ts';
import { openSource, type Source } from './source.ts';
import { adaptStore, isStoreRecord } from './store-rows.ts';
import { closeUsage } from './usage.ts';

/** How many records are kept back at most while neither a session id nor a time has been seen. */
const MOST_WAITING = 10_000;

/** Records of one transcript, or of one session of the session store, in; events out. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const opening: Opening = { hint, waiting: [], session: null, firstTs: null };
  let source: Source | null = null;
  const iterator = records[Symbol.iterator]();
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    if (source !== null) {
      yield* eventsOf(next.value, source);
      continue;
    }
    if (opening.waiting.length === 0 && (hint.member !== null || isStoreRecord(next.value.value))) {
      yield* adaptStore(next.value, iterator, hint);
      return;
    }
    lookAt(next.value, opening);
    if (!isKnown(opening)) continue;
    source = open(opening);
    for (const waiting of opening.waiting) yield* eventsOf(waiting, source);
  }
  if (source === null) {
    source = open(opening);
    for (const waiting of opening.waiting) yield* eventsOf(waiting, source);
  }
  yield* closeCalls(source);
  yield* closeUsage(source.usage);
}

/** The beginning of a source, before it is known whose it is and when it was. */
interface Opening {
  readonly hint: SourceHint;
  readonly waiting: SourceRecord[];
  session: string | null;
  firstTs: Micros | null;
}

function lookAt(record: SourceRecord, opening: Opening): void {
  opening.waiting.push(record);
  if (!isObject(record.value)) return;
  const { type, data, timestamp } = record.value;
  if (opening.session === null && type === 'session.start' && isObject(data))
    opening.session = asText(data['sessionId']);
  if (opening.firstTs === null && typeof timestamp === 'string') opening.firstTs = readMoment(timestamp);
}

function isKnown({ hint, waiting, session, firstTs }: Opening): boolean {
  return ((session ?? hint.sessionId) !== null && firstTs !== null) || waiting.length >= MOST_WAITING;
}

/** The start of the session names it; the path may be a collector's. */
function open({ hint, waiting, session, firstTs }: Opening): Source {
  return openSource(sessionId(session ?? hint.sessionId ?? unidentified(waiting)), firstTs);
}

/** A stable id for a file that names no session anywhere: its first record's content. */
function unidentified(waiting: readonly SourceRecord[]): string {
  return `unidentified-${digest(canonical(waiting[0]?.value ?? null)).slice(0, 8)}`;
}

function eventsOf(record: SourceRecord, source: Source): readonly AgentEvent[] {
  const { value } = record;
  const flags = [...record.flags];
  const type = isObject(value) ? asText(value['type']) : null;
  if (!isObject(value) || type === null) {
    const fields: JsonObject = isObject(value) ? value : {};
    return [unknown(placeOf(record, fields, {}, 'untyped', source, flags), 0, value)];
  }
  const data = objectField(flags, value['data']) ?? {};
  noteSession(flags, type, data, source);
  return eventsOfType(type, placeOf(record, value, data, type, source, flags), data, value, source);
}
