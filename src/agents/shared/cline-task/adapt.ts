import type { AgentEvent } from '../../../core/event.ts';
import { asArray, asText, isObject, type Json } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import type { SourceHint } from '../../agent.ts';
import { meta, unknown } from '../events.ts';
import { canonical, digest } from '../keys.ts';
import { closeCall } from './calls.ts';
import { momentField } from './message.ts';
import { messageEvents } from './messages.ts';
import { openTask, placeAt, taskFile, type Task, type TaskFile } from './task.ts';

/** The files of one task in, its events out. They are few, and the messages need what the others tell. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const files = Array.from(records, taskFile);
  const task = openTask(files, hint);
  for (const file of files) {
    if (file.part === 'messages') yield* conversation(task, file);
    else yield fileEvent(task, file);
  }
}

function* conversation(task: Task, { value, record }: TaskFile): Generator<AgentEvent> {
  const messages = asArray(value) ?? [];
  if (messages.length === 0) {
    yield meta(
      placeAt(task, record, `${task.sessionId}:ui_messages`, 'ui_messages', null, [...record.flags]),
      'internal',
      0,
      null,
    );
  }
  for (const message of messages) {
    yield* isObject(message) ? messageEvents(task, record, message) : [oddEntry(task, record, message)];
  }
  // A longer copy may decide otherwise how the last call ended, so that this result must give way to it.
  for (const event of closeCall(task, null)) yield { ...event, copied: true };
}

/** The files beside the messages say nothing that is counted: totals repeat the requests (formats.md 8.3). */
function fileEvent(task: Task, { part, value, record }: TaskFile): AgentEvent {
  const flags = [...record.flags];
  if (part === 'history' && isObject(value)) {
    const own = momentField(flags, value['ts']);
    const before = task.lastTs;
    const place = placeAt(task, record, `${task.sessionId}:history_item`, 'history_item', own, flags);
    // The time of the last change is no neighbour for the messages.
    task.lastTs = before ?? own;
    const parent = asText(value['parentTaskId']);
    return parent === null ? meta(place, 'internal', 0, null) : meta(place, 'link', 0, `Started by task ${parent}`);
  }
  if (part === 'metadata') {
    return meta(
      placeAt(task, record, `${task.sessionId}:task_metadata`, 'task_metadata', null, flags),
      'internal',
      0,
      null,
    );
  }
  return oddEntry(task, record, value);
}

function oddEntry(task: Task, record: SourceRecord, value: Json): AgentEvent {
  const key = task.occurrences.next(`${task.sessionId}:untyped:${digest(canonical(value))}`);
  return unknown(placeAt(task, record, key, 'untyped', null, [...record.flags]), 0, value);
}
