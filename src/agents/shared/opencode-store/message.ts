import type { AgentEvent, Micros } from '../../../core/event.ts';
import { isObject, type JsonObject } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import { meta, system } from '../events.ts';
import { Occurrences } from '../keys.ts';
import type { Place } from '../place.ts';
import { errorEvent } from './errors.ts';
import { momentOf } from './moments.ts';
import { partEvents, type Answer } from './parts.ts';
import { personEvents, type PlacedPart } from './person.ts';
import { atTime, messagePlace, type Source } from './source.ts';
import type { StoredMessage, StoredPart } from './store.ts';
import { isStepUsage, messageUsage } from './usage.ts';

/** A message's events: those of its parts, then what only the message itself tells (its error, its tokens when no part has them). */
export function messageEvents(message: StoredMessage, source: Source): AgentEvent[] {
  const at = message.at ?? message.parts[0]?.at;
  if (at === undefined) return [];
  const place = messagePlace(source, message, at);
  const events = isPersons(message)
    ? personEvents(placed(place, message), message, source)
    : answerEvents(place, message, source);
  if (!events.some(({ line }) => line === at.line)) events.unshift(meta(place, 'internal', 'message', null));
  return events;
}

/** Texts of these roles were typed by a person, or put in a person's place by the program. */
function isPersons({ role }: StoredMessage): boolean {
  return role === 'user' || role === 'synthetic' || role === 'system';
}

/** A person's parts have no times of their own: the message's is theirs. */
function placed(place: Place, message: StoredMessage): PlacedPart[] {
  return message.parts.map((part) => ({ part, place: partPlace(place, message, part, part.at) }));
}

function partPlace(place: Place, { generation }: StoredMessage, { type }: StoredPart, at: SourceRecord): Place {
  const recordType = generation === 'message' ? `part.${type === '' ? 'unknown' : type}` : place.recordType;
  return { ...place, line: at.line, offset: at.offset, flags: [...at.flags], recordType };
}

function answerEvents(place: Place, message: StoredMessage, source: Source): AgentEvent[] {
  const { info, parts } = message;
  const events: AgentEvent[] = [];
  const completed = momentOf(place.flags, timeOf(info)['completed']);
  const lastStep = parts.findLastIndex(isStepUsage);
  // A run of the person's has no request to a model.
  const isShell = source.shellRun && !parts.some(({ type }) => type.startsWith('step-') || type === 'reasoning');
  const answer: Answer = { message, counts: new Occurrences(), isShell, isSummary: info['summary'] === true };
  source.shellRun = false;
  if (answer.isSummary) events.push(...compactionWithoutRequest(place, source));
  let latest: Place = place;
  for (const [index, part] of parts.entries()) {
    const bare = partPlace(latest, message, part, part.at);
    const { own, next } = timesOf(bare, part, index === lastStep ? completed : null);
    events.push(...partEvents(own === null ? ofNeighbour(bare) : atTime(bare, own), part, answer, source));
    latest = atTime(latest, later(latest.ts, next));
  }
  const end = atTime({ ...place, ts: latest.ts, tsSource: latest.tsSource }, completed);
  if (lastStep === -1) events.push(...messageUsage(end, message, source));
  events.push(...errorEvent(end, info['error']));
  source.lastTs = end.ts ?? source.lastTs;
  return events;
}

function ofNeighbour(place: Place): Place {
  return { ...place, tsSource: place.ts === null ? null : 'neighbour' };
}

/** Older builds wrote only the summary of a compaction, not that it was asked for. */
function compactionWithoutRequest(place: Place, source: Source): AgentEvent[] {
  const asked = source.compacting;
  source.compacting = false;
  return asked ? [] : [system(place, 'message:compaction', null, { subtype: 'compaction', durationS: null })];
}

/** When a part began, and the last moment that it tells of. */
function timesOf(
  place: Place,
  { value }: StoredPart,
  stepEnd: Micros | null,
): { own: Micros | null; next: Micros | null } {
  const state = value['state'];
  const time = isObject(state) ? timeOf(state) : timeOf(value);
  const start = momentOf(place.flags, time['start'] ?? time['created']) ?? stepEnd;
  return { own: start, next: later(start, momentOf(place.flags, time['end'])) };
}

function later(a: Micros | null, b: Micros | null): Micros | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

function timeOf(value: JsonObject): JsonObject {
  return isObject(value['time']) ? value['time'] : {};
}
