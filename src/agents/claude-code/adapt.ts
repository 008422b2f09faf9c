import type { SourceHint } from '../agent.ts';
import type { AgentEvent, Micros } from '../../core/event.ts';
import { MAIN_THREAD, sessionId } from '../../core/ids.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { assistantEvents } from './assistant.ts';
import { attachmentEvents } from './attachments.ts';
import { unknown } from '../shared/events.ts';
import { canonical, digest } from '../shared/keys.ts';
import { withoutSession } from './keys.ts';
import { ownMoment, placeOf } from './locate.ts';
import type { Place } from '../shared/place.ts';
import { progressEvents } from './progress.ts';
import { closeQueue, queueEvents } from './queue.ts';
import { sessionLineEvent } from './session-lines.ts';
import { openSource, type Source } from './source.ts';
import { closeSummaries, holdSummary } from './summaries.ts';
import { compactionEvent, systemEvents } from './system.ts';
import { closeResponses } from './usage.ts';
import { userEvents } from './user.ts';

/** How many records are kept back at most while neither a session id nor a time has been seen. */
const MOST_WAITING = 10_000;

/**
 * Records of one transcript in, events out. The first records wait until session and time are known; summaries, waiting prompts and
 * usage come at the end, since only the whole source decides them.
 */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const opening: Opening = { hint, waiting: [], session: hint.sessionId, firstTs: null };
  let source: Source | null = null;
  for (const record of records) {
    if (source === null) {
      lookAt(record, opening);
      if (!isKnown(opening)) continue;
      source = open(opening);
      for (const waiting of opening.waiting) yield* eventsOf(waiting, source);
    } else {
      for (const event of eventsOf(record, source)) yield event;
    }
  }
  if (source === null) {
    source = open(opening);
    for (const waiting of opening.waiting) yield* eventsOf(waiting, source);
  }
  yield* closeQueue(source.queue);
  yield* closeSummaries(source.summaries, source.uuids);
  yield* closeResponses(source.responses);
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
  opening.session ??= asText(record.value['sessionId']) ?? asText(record.value['session_id']);
  opening.firstTs ??= ownMoment(record.value, []);
}

function isKnown({ session, firstTs, waiting }: Opening): boolean {
  return (session !== null && firstTs !== null) || waiting.length >= MOST_WAITING;
}

function open({ hint, waiting, session, firstTs }: Opening): Source {
  return openSource({
    sessionId: sessionId(session ?? unidentified(waiting)),
    fileThread: hint.threadId === MAIN_THREAD ? null : hint.threadId,
    replay: hint.replay,
    firstTs,
  });
}

/** A stable id for a file that names no session anywhere: its first record's content. */
function unidentified(waiting: readonly SourceRecord[]): string {
  const value = waiting[0]?.value ?? null;
  return `unidentified-${digest(canonical(isObject(value) ? withoutSession(value) : value)).slice(0, 8)}`;
}

function eventsOf(record: SourceRecord, source: Source): readonly AgentEvent[] {
  const { value } = record;
  if (!isObject(value)) return [unknown(placeOf(record, { value }, 'untyped', source), 0, value)];
  const type = asText(value['type']);
  if (type === null) return [unknown(placeOf(record, value, 'untyped', source), 0, value)];
  const place = placeOf(record, value, recordTypeOf(type, value), source);
  return eventsOfType(type, place, value, source);
}

function eventsOfType(type: string, place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  switch (type) {
    case 'assistant':
      return assistantEvents(place, value, source);
    case 'user':
      return userEvents(place, value, source);
    case 'progress':
      return progressEvents(place, value, source);
    case 'attachment':
      return attachmentEvents(place, value, source);
    case 'system':
      return systemEvents(place, value, source);
    case 'queue-operation':
      return queueEvents(place, value, source.queue);
    case 'summary':
      holdSummary(source.summaries, place, value);
      return [];
    case 'compact_boundary':
    case 'microcompact_boundary':
      return [compactionEvent(place, value)];
    default:
      return [sessionLineEvent(place, type, value) ?? unknown(place, 0, value)];
  }
}

/** `system.turn_duration`, `attachment.file`, `progress.bash_progress`: the type with the one that refines it. */
function recordTypeOf(type: string, value: JsonObject): string {
  if (type === 'user' || type === 'assistant') return type;
  const refined = type === 'system' ? value['subtype'] : innerType(type, value);
  return typeof refined === 'string' && refined !== '' ? `${type}.${refined}` : type;
}

function innerType(type: string, value: JsonObject): unknown {
  const inner = type === 'attachment' ? value['attachment'] : type === 'progress' ? value['data'] : undefined;
  return isObject(inner) ? inner['type'] : undefined;
}
