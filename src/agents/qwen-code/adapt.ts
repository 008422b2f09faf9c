import type { AgentEvent, Micros } from '../../core/event.ts';
import { MAIN_THREAD, sessionId } from '../../core/ids.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { meta, unknown } from '../shared/events.ts';
import { canonical, digest } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import { assistantEvents } from './assistant.ts';
import { ownMoment, placeOf } from './locate.ts';
import { openSource, type Source } from './source.ts';
import { systemEvents } from './system.ts';
import { userEvents } from './user.ts';

/** How many records are kept back at most while neither a session id nor a time has been seen. */
const MOST_WAITING = 1000;

/** Records of one transcript in, events out. The first records wait until session and time are known. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const opening: Opening = { waiting: [], session: null, firstTs: null };
  let source: Source | null = null;
  for (const record of records) {
    if (source !== null) {
      yield* eventsOf(record, source);
      continue;
    }
    lookAt(record, opening);
    if (!isKnown(opening)) continue;
    source = open(opening, hint);
    for (const waiting of opening.waiting) yield* eventsOf(waiting, source);
  }
  if (source !== null) return;
  source = open(opening, hint);
  for (const waiting of opening.waiting) yield* eventsOf(waiting, source);
}

/** The beginning of a source, before it is known whose it is and when it was. */
interface Opening {
  readonly waiting: SourceRecord[];
  session: string | null;
  firstTs: Micros | null;
}

function lookAt(record: SourceRecord, opening: Opening): void {
  opening.waiting.push(record);
  if (!isObject(record.value)) return;
  opening.session ??= asText(record.value['sessionId']);
  opening.firstTs ??= ownMoment(record.value, []);
}

function isKnown({ session, firstTs, waiting }: Opening): boolean {
  return (session !== null && firstTs !== null) || waiting.length >= MOST_WAITING;
}

function open({ session, firstTs, waiting }: Opening, hint: SourceHint): Source {
  const unidentified = (): string => `unidentified-${digest(canonical(waiting[0]?.value)).slice(0, 8)}`;
  return openSource({
    sessionId: sessionId(session ?? hint.sessionId ?? unidentified()),
    fileThread: hint.threadId === MAIN_THREAD ? null : hint.threadId,
    firstTs,
  });
}

function* eventsOf(record: SourceRecord, source: Source): Generator<AgentEvent> {
  const { value } = record;
  if (!isObject(value)) {
    yield unknown(placeOf(record, { value }, 'untyped', source), 0, value);
    return;
  }
  const type = asText(value['type']);
  const place = placeOf(record, value, recordTypeOf(type, value), source);
  const origin = originEvent(place, value, source);
  if (origin !== null) yield origin;
  yield* eventsOfType(type, place, value, source);
}

function eventsOfType(type: string | null, place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  switch (type) {
    case 'assistant':
      return assistantEvents(place, value, source);
    case 'user':
    case 'tool_result':
      return userEvents(place, value, source);
    case 'system':
      return systemEvents(place, value, source);
    default:
      return [unknown(place, 0, value)];
  }
}

function recordTypeOf(type: string | null, value: JsonObject): string {
  const subtype = asText(value['subtype']);
  return subtype === null ? (type ?? 'untyped') : `${type ?? 'untyped'}.${subtype}`;
}

/** A branch begins with copied lines: the session that they come from is told once. */
function originEvent(place: Place, value: JsonObject, source: Source): AgentEvent | null {
  const from = value['forkedFrom'];
  const origin = isObject(from) ? asText(from['sessionId']) : null;
  if (origin === null || origin === source.origin) return null;
  source.origin = origin;
  const own = { ...place, key: `${source.sessionId}:forked-from:${origin}`, copied: false };
  return meta(own, 'link', 0, `Branched from session ${origin}`);
}
