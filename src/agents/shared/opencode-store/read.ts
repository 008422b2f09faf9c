import { asArray, asNumber, asText, isObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import { canonical } from '../keys.ts';
import { translated } from './second-generation.ts';
import type { Store, StoredMessage, StoredPart, StoredSession, Stray } from './store.ts';

/** A store while its records come in; parts wait until all messages are known. */
interface Reading {
  session: StoredSession | null;
  readonly messages: Map<string, StoredMessage>;
  readonly parts: Map<string, StoredPart[]>;
  readonly repeated: Stray[];
  readonly strays: Stray[];
}

/**
 * All records of a session. They are collected whole, since messages come before their parts, and only the counts of both
 * generations say which of them is the session's.
 */
export function readStore(records: Iterable<SourceRecord>): Store {
  const reading: Reading = { session: null, messages: new Map(), parts: new Map(), repeated: [], strays: [] };
  for (const at of records) addRecord(reading, at);
  const { messages, unused } = ofOneGeneration(inOrder(withParts(reading)));
  const repeated = [...reading.repeated, ...unused.flatMap(asRepeated)];
  return { session: reading.session, messages, repeated, strays: reading.strays };
}

function addRecord(reading: Reading, at: SourceRecord): void {
  const { value } = at;
  if (isObject(value)) {
    const { table, row, file, info, messages } = value;
    if (typeof table === 'string' && isObject(row)) return addRow(reading, at, table, row);
    if (typeof file === 'string') return addFile(reading, at, file, value['value'] ?? value['text'] ?? null);
    if (isObject(info) && Array.isArray(messages)) return addDocument(reading, at, info, messages);
  }
  addStray(reading, at, 'untyped', value);
}

function addStray(reading: Reading, at: SourceRecord, recordType: string, value: Json): void {
  reading.strays.push({ at, recordType: recordType === '' ? 'unknown' : recordType, value });
}

function addRow(reading: Reading, at: SourceRecord, table: string, row: JsonObject): void {
  if (table === 'session') return addSession(reading, at, sessionOfRow(at, row));
  const data = parsedData(row['data']);
  if (data === null) return addStray(reading, at, table, row);
  const created = row['time_created'];
  if (table === 'message') return addMessage(reading, messageOf(at, row['id'], data, created));
  if (table === 'part') return addPart(reading, row['message_id'], partOf(at, data));
  if (table === 'session_message') return addMessage(reading, translated(at, row, data));
  addStray(reading, at, table, row);
}

/** A file of the old storage: `session/<project>/<id>.json`, `message/<session>/<id>.json`, `part/<message>/<id>.json`. */
function addFile(reading: Reading, at: SourceRecord, file: string, value: Json): void {
  const folders = file.split('/');
  const id = folders.pop()?.replace(/\.json$/, '') ?? '';
  const kind = folders.includes('part') ? 'part' : folders.includes('message') ? 'message' : 'session';
  if (!isObject(value)) return addStray(reading, at, kind, value);
  const named = { ...value, id: value['id'] ?? id };
  if (kind === 'part') return addPart(reading, value['messageID'] ?? folders.at(-1), partOf(at, named));
  if (kind === 'session') return addSession(reading, at, sessionOfInfo(at, named));
  const message = messageOf(at, named.id, named, undefined);
  addMessage(reading, { ...message, parts: partsOf(at, asArray(value['parts']) ?? []) });
}

function addDocument(reading: Reading, at: SourceRecord, info: JsonObject, messages: readonly Json[]): void {
  addSession(reading, at, sessionOfInfo(at, info));
  for (const message of messages) {
    const about = isObject(message) ? message['info'] : undefined;
    const parts = isObject(message) ? message['parts'] : undefined;
    if (!isObject(about)) addStray(reading, at, 'message', message);
    else
      addMessage(reading, {
        ...messageOf(at, about['id'], about, undefined),
        parts: partsOf(at, asArray(parts) ?? []),
      });
  }
}

function addSession(reading: Reading, at: SourceRecord, session: StoredSession): void {
  if (reading.session === null) reading.session = session;
  else reading.repeated.push({ at, recordType: 'session', value: at.value });
}

/** A message that a document holds twice counts once, in its longer form; one id for several messages is a mask, not an id. */
function addMessage(reading: Reading, message: StoredMessage): void {
  const name =
    message.id === null ? '' : `${message.generation} ${message.id} ${message.role} ${canonical(message.created)}`;
  const key = name === '' ? `${reading.messages.size}` : name;
  const known = reading.messages.get(key);
  const longer = known === undefined || message.parts.length >= known.parts.length;
  if (longer) reading.messages.set(key, message);
  const shorter = longer ? known : message;
  if (shorter !== undefined) reading.repeated.push(...asRepeated(shorter));
}

function addPart(reading: Reading, messageId: Json | undefined, part: StoredPart): void {
  const id = asText(messageId) ?? '';
  const siblings = reading.parts.get(id);
  if (siblings === undefined) reading.parts.set(id, [part]);
  else siblings.push(part);
}

/** The messages with the parts that came on their own; parts whose message is gone are a message without a role. */
function withParts({ messages, parts }: Reading): StoredMessage[] {
  const whole = Array.from(messages.values(), (message) => {
    const own = message.generation === 'message' && message.id !== null ? parts.get(message.id) : undefined;
    if (own !== undefined && message.id !== null) parts.delete(message.id);
    return own === undefined ? message : { ...message, parts: [...message.parts, ...own] };
  });
  const orphans = Array.from(parts, ([id, own]): StoredMessage => {
    return {
      at: null,
      generation: 'message',
      id: id === '' ? null : id,
      role: '',
      info: {},
      created: undefined,
      parts: own,
    };
  });
  return [...whole, ...orphans];
}

/** By time; a message without one stays behind the one before it. */
function inOrder(messages: readonly StoredMessage[]): StoredMessage[] {
  let last = Number.NEGATIVE_INFINITY;
  const timed = messages.map((message) => {
    last = asNumber(message.created) ?? last;
    return { message, time: last };
  });
  return timed.toSorted((a, b) => (a.time === b.time ? 0 : a.time - b.time)).map(({ message }) => message);
}

/** A session that stands in both stores is read from the one with more answers (formats.md 6.6). */
function ofOneGeneration(messages: readonly StoredMessage[]): { messages: StoredMessage[]; unused: StoredMessage[] } {
  const second = messages.filter(({ generation }) => generation === 'session_message');
  const first = messages.filter(({ generation }) => generation === 'message');
  return first.length === 0 || answersIn(second) > answersIn(first)
    ? { messages: second, unused: first }
    : { messages: first, unused: second };
}

function answersIn(messages: readonly StoredMessage[]): number {
  return messages.filter(({ role }) => role === 'assistant').length;
}

function asRepeated({ at, generation, parts, info }: StoredMessage): Stray[] {
  const own = at === null ? [] : [{ at, recordType: generation, value: info }];
  const lines = parts
    .filter((part) => part.at !== at)
    .map((part) => ({ at: part.at, recordType: 'part', value: part.value }));
  return [...own, ...lines];
}

function sessionOfRow(at: SourceRecord, row: JsonObject): StoredSession {
  return {
    at,
    id: row['id'],
    parentId: row['parent_id'],
    forkSessionId: row['fork_session_id'],
    title: row['title'],
    directory: row['directory'],
    version: row['version'],
    created: row['time_created'],
    revert: row['revert'],
  };
}

function sessionOfInfo(at: SourceRecord, info: JsonObject): StoredSession {
  return {
    at,
    id: info['id'],
    parentId: info['parentID'],
    forkSessionId: undefined,
    title: info['title'],
    directory: info['directory'],
    version: info['version'],
    created: isObject(info['time']) ? info['time']['created'] : undefined,
    revert: info['revert'],
  };
}

/** The time inside the message: a fork's rows are younger than the messages that they repeat. */
function messageOf(at: SourceRecord, id: Json | undefined, info: JsonObject, rowTime: Json | undefined): StoredMessage {
  const time = info['time'];
  return {
    at,
    generation: 'message',
    id: asText(id),
    role: asText(info['role']) ?? '',
    info,
    created: (isObject(time) ? time['created'] : undefined) ?? rowTime,
    parts: [],
  };
}

function partsOf(at: SourceRecord, parts: readonly Json[]): StoredPart[] {
  return parts.map((part) => (isObject(part) ? partOf(at, part) : { at, type: '', value: { value: part } }));
}

function partOf(at: SourceRecord, value: JsonObject): StoredPart {
  return { at, type: asText(value['type']) ?? '', value };
}

function parsedData(data: Json | undefined): JsonObject | null {
  if (isObject(data)) return data;
  if (typeof data !== 'string') return null;
  try {
    const value: Json = JSON.parse(data);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
