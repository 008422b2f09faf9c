import type { EventFlag, Micros } from '../../core/event.ts';
import { asArray, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { textField } from '../shared/fields.ts';
import { canonical, digest, Occurrences } from '../shared/keys.ts';
import { ownMoment, type Spot } from './locate.ts';
import { keepUnmasked } from './masked.ts';

/** A message in its last version, which stands at the place of its first one. */
export interface Message {
  readonly kind: 'message';
  readonly id: string;
  /** False for messages of writers that give them no id: theirs is made of the content. */
  readonly hasOwnId: boolean;
  spot: Spot;
  value: JsonObject;
  /** The last tokens that any version had: what was spent stays spent. */
  tokens: Json | undefined;
}

/** A line that is no message. */
export interface Remark {
  readonly kind: 'header' | 'update' | 'rewind' | 'unknown';
  readonly spot: Spot;
  readonly value: Json;
}

export interface Replay {
  sessionId: string | null;
  isSubAgent: boolean;
  firstTs: Micros | null;
  lastTs: Micros | null;
  readonly entries: (Message | Remark)[];
  readonly messages: Map<string, Message>;
}

export function newReplay(): Replay {
  return { sessionId: null, isSubAgent: false, firstTs: null, lastTs: null, entries: [], messages: new Map() };
}

/**
 * Takes one record in: a whole document, or a line of the log. What was rewound or replaced stays, because it happened
 * (formats.md 3.3).
 */
export function replayRecord(replay: Replay, record: SourceRecord): void {
  const { value } = record;
  if (!isObject(value)) {
    remark(replay, 'unknown', record, null);
  } else if (value['$rewindTo'] !== undefined) {
    remark(replay, 'rewind', record, null);
  } else if (isObject(value['$set'])) {
    replayUpdate(replay, record, value['$set']);
  } else if (asArray(value['messages']) !== null) {
    replayDocument(replay, record, value);
  } else if (isMessage(value)) {
    replayMessage(replay, record, value, new Occurrences());
  } else if (asText(value['sessionId']) !== null || asText(value['projectHash']) !== null) {
    replayHeader(replay, record, value);
  } else {
    remark(replay, 'unknown', record, null);
  }
}

function isMessage(value: JsonObject): boolean {
  return value['id'] !== undefined || (asText(value['type']) !== null && value['content'] !== undefined);
}

function replayDocument(replay: Replay, record: SourceRecord, document: JsonObject): void {
  const { messages, ...header } = document;
  replayHeader(replay, record, header);
  replayMessages(replay, record, messages);
}

function replayHeader(replay: Replay, record: SourceRecord, header: JsonObject): void {
  learn(replay, header);
  remark(replay, 'header', { ...record, value: header }, header['startTime']);
}

/** A change of the session's fields. With `messages` it is a checkpoint, after a compression or a masking of tool output. */
function replayUpdate(replay: Replay, record: SourceRecord, changes: JsonObject): void {
  learn(replay, changes);
  remark(replay, 'update', { ...record, value: changes }, changes['lastUpdated']);
  replayMessages(replay, record, changes['messages']);
}

function replayMessages(replay: Replay, record: SourceRecord, messages: Json | undefined): void {
  const occurrences = new Occurrences();
  for (const message of asArray(messages) ?? []) {
    if (isObject(message)) replayMessage(replay, record, message, occurrences);
    else remark(replay, 'unknown', { ...record, value: message }, null);
  }
}

function replayMessage(replay: Replay, record: SourceRecord, value: JsonObject, occurrences: Occurrences): void {
  const spot = spotOf(replay, record, value['timestamp']);
  const ownId = textField(spot.flags, value['id']);
  const id = ownId ?? occurrences.next(`unnamed-${digest(canonical(value)).slice(0, 16)}`);
  const known = replay.messages.get(id);
  if (known === undefined) {
    const message: Message = { kind: 'message', id, hasOwnId: ownId !== null, spot, value, tokens: value['tokens'] };
    replay.messages.set(id, message);
    replay.entries.push(message);
    return;
  }
  known.spot = spot.hasOwnTime ? spot : { ...spot, ts: known.spot.ts, hasOwnTime: known.spot.hasOwnTime };
  known.value = keepUnmasked(value, known.value);
  if (isObject(value['tokens'])) known.tokens = value['tokens'];
}

/** What any header or update may say about the session; the first id stays, since keys hang on it. */
function learn(replay: Replay, fields: JsonObject): void {
  replay.sessionId ??= asText(fields['sessionId']);
  replay.isSubAgent ||= fields['kind'] === 'subagent';
}

function remark(replay: Replay, kind: Remark['kind'], record: SourceRecord, time: Json | undefined): void {
  replay.entries.push({ kind, spot: spotOf(replay, record, time), value: record.value });
}

function spotOf(replay: Replay, record: SourceRecord, time: Json | undefined): Spot {
  const flags: EventFlag[] = [...record.flags];
  const own = ownMoment(time, flags);
  if (own !== null) {
    replay.firstTs ??= own;
    replay.lastTs = own;
  }
  const { line, offset } = record;
  return { line, offset, flags, ts: own ?? replay.lastTs, hasOwnTime: own !== null };
}
