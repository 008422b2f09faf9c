import type { Micros } from '../../../core/event.ts';
import { MAIN_THREAD, sessionId, type SessionId } from '../../../core/ids.ts';
import { asArray, asNumber, asText, isObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import type { SourceHint } from '../../agent.ts';
import { flagOnce, type Flags } from '../fields.ts';
import { canonical, digest, Occurrences } from '../keys.ts';
import type { Place } from '../place.ts';
import { momentField } from './message.ts';
import type { OpenCall } from './open-call.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;

type TaskPart = 'history' | 'metadata' | 'messages' | 'unreadable';

/** One file of a task. */
export interface TaskFile {
  readonly part: TaskPart;
  readonly value: Json;
  readonly record: SourceRecord;
}

interface ModelChange {
  readonly ts: Micros;
  readonly model: string;
}

/** What is known of a task, and what is remembered while its messages are read. */
export interface Task {
  readonly sessionId: SessionId;
  readonly parentSessionId: SessionId | null;
  /** Models by the time since when they were used. */
  readonly models: readonly ModelChange[];
  readonly occurrences: Occurrences;
  cwd: string | null;
  lastTs: Micros | null;
  /** The first words are the task: a person's, or those of the task that started this one. */
  isBegun: boolean;
  /** The tool that was asked for last, until its result is decided. */
  open: OpenCall | null;
  /** The error that a request told, which the question whether to try again repeats. */
  lastFailure: string | null;
}

/** A line of a task's folder, or a file that came by itself. */
export function taskFile(record: SourceRecord): TaskFile {
  const { value } = record;
  if (isObject(value) && typeof value['file'] === 'string') {
    const content = value['value'];
    return { part: partOf(content), value: content ?? value['text'] ?? null, record };
  }
  return { part: partOf(value), value, record };
}

function partOf(value: Json | undefined): TaskPart {
  if (Array.isArray(value)) return 'messages';
  if (!isObject(value)) return 'unreadable';
  if (asArray(value['model_usage']) !== null || asArray(value['files_in_context']) !== null) return 'metadata';
  return asText(value['id']) !== null && value['ts'] !== undefined ? 'history' : 'unreadable';
}

export function openTask(files: readonly TaskFile[], hint: SourceHint): Task {
  const history = objectOf(files, 'history');
  const metadata = objectOf(files, 'metadata');
  const parent = asText(history['parentTaskId']);
  return {
    sessionId: sessionId(hint.sessionId ?? asText(history['id']) ?? unidentified(files)),
    parentSessionId: parent === null ? null : sessionId(parent),
    models: modelsIn(metadata),
    occurrences: new Occurrences(),
    cwd: asText(history['workspace']),
    lastTs: firstTime(files),
    isBegun: false,
    open: null,
    lastFailure: null,
  };
}

/** What the events of one message share. Its time is its identity in the program's own words (formats.md 0.5). */
export function messagePlace(task: Task, record: SourceRecord, message: JsonObject, recordType: string): Place {
  const flags = [...record.flags];
  const own = momentField(flags, message['ts']);
  const identity = own === null ? digest(canonical(message)) : String(own / 1000);
  const key = task.occurrences.next(`${task.sessionId}:${identity}:${recordType}`);
  return placeAt(task, record, key, recordType, own, flags);
}

export function placeAt(
  task: Task,
  record: SourceRecord,
  key: string,
  recordType: string,
  own: Micros | null,
  flags: Flags,
): Place {
  task.lastTs = own ?? task.lastTs;
  const ts = task.lastTs;
  if (ts !== null && ts < START_OF_2023) flagOnce(flags, 'before_2023');
  return {
    key,
    copied: false,
    sessionId: task.sessionId,
    parentSessionId: task.parentSessionId,
    threadId: MAIN_THREAD,
    parentCallId: null,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: own === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: task.cwd,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    recordType,
    flags,
  };
}

/** The model at a time; `assumed` when the only model of the task was noted later than that. */
export function modelAt(task: Task, ts: Micros | null): { readonly model: string; readonly assumed: boolean } | null {
  if (ts === null) return null;
  const known = task.models.findLast((change) => change.ts <= ts);
  if (known !== undefined) return { model: known.model, assumed: false };
  const names = new Set(task.models.map(({ model }) => model));
  const [only] = names;
  return only !== undefined && names.size === 1 ? { model: only, assumed: true } : null;
}

function modelsIn(metadata: JsonObject): readonly ModelChange[] {
  const changes = (asArray(metadata['model_usage']) ?? []).flatMap((entry) => {
    if (!isObject(entry)) return [];
    const model = asText(entry['model_id']);
    const ts = momentField([], entry['ts']);
    return model === null || ts === null ? [] : [{ ts, model }];
  });
  return changes.sort((a, b) => a.ts - b.ts);
}

function objectOf(files: readonly TaskFile[], part: TaskPart): JsonObject {
  const value = files.find((file) => file.part === part)?.value;
  return isObject(value) ? value : {};
}

/** The first time of the messages, else of the files beside them. */
function firstTime(files: readonly TaskFile[]): Micros | null {
  const messages = files.flatMap(({ part, value }) => (part === 'messages' ? (asArray(value) ?? []) : []));
  for (const message of messages) {
    const ts = isObject(message) ? momentField([], message['ts']) : null;
    if (ts !== null) return ts;
  }
  return momentField([], objectOf(files, 'history')['ts']);
}

/** A stable id for a task without a name: its first message, as far as it does not change. */
function unidentified(files: readonly TaskFile[]): string {
  const value = files[0]?.value ?? null;
  const first = Array.isArray(value) ? (value[0] ?? null) : value;
  const identity = isObject(first) ? (asNumber(first['ts']) ?? first) : first;
  return `unidentified-${digest(canonical(identity)).slice(0, 8)}`;
}
