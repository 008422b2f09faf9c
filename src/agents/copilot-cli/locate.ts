import type { Micros } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { flagOnce, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { readMoment } from '../shared/moments.ts';
import type { Place } from '../shared/place.ts';
import type { Source } from './source.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;

export function placeOf(
  record: SourceRecord,
  value: JsonObject,
  data: JsonObject,
  recordType: string,
  source: Source,
  flags: Flags,
): Place {
  const id = textField(flags, value['id']);
  const ownTs = momentField(flags, value['timestamp']);
  const ts = ownTs ?? source.lastTs ?? source.firstTs;
  if (ownTs !== null) source.lastTs = ownTs;
  if (ts !== null && ts < START_OF_2023) flagOnce(flags, 'before_2023');
  const { threadId, parentCallId } = threadOf(flags, value, data, source);
  return {
    key: id ?? source.occurrences.next(`${recordType}:${digest(`${source.sessionId}\n${canonical(record.value)}`)}`),
    copied: false,
    sessionId: source.sessionId,
    parentSessionId: null,
    threadId,
    parentCallId,
    line: record.line,
    offset: record.offset,
    ts,
    tsSource: ownTs === null ? (ts === null ? null : 'neighbour') : 'event',
    cwd: source.cwd,
    gitBranch: source.gitBranch,
    agentVersion: source.agentVersion,
    entrypoint: source.entrypoint,
    recordType,
    flags,
  };
}

/** A time in ISO form, or in SQLite's own (`2026-06-10 09:00:00`), which is UTC. */
export function momentField(flags: Flags, value: JsonObject[string]): Micros | null {
  const text = textField(flags, value);
  if (text === null) return null;
  const moment = readMoment(text);
  if (moment === null) flagOnce(flags, 'wrong_type');
  return moment;
}

/** The record's own time, null when it was taken from a neighbour. */
export function ownTsOf(place: Place): Micros | null {
  return place.tsSource === 'event' ? place.ts : null;
}

interface Thread {
  readonly threadId: string;
  readonly parentCallId: string | null;
}

/** A sub-agent's records carry its id, or the call that started it, or both: either names the same thread. */
function threadOf(flags: Flags, value: JsonObject, data: JsonObject, source: Source): Thread {
  const agent = textField(flags, value['agentId']);
  const call = textField(flags, data['parentToolCallId']);
  if (agent !== null) {
    // The record that tells of a sub-agent's start names its call in a field of its own.
    const startedBy =
      call ?? (asText(value['type'])?.startsWith('subagent.') === true ? asText(data['toolCallId']) : null);
    if (startedBy !== null) linkThread(agent, startedBy, source);
    return { threadId: agent, parentCallId: source.callOfThread.get(agent) ?? null };
  }
  if (call !== null) return { threadId: source.threadOfCall.get(call) ?? call, parentCallId: call };
  return { threadId: MAIN_THREAD, parentCallId: null };
}

function linkThread(agent: string, call: string, source: Source): void {
  if (!source.callOfThread.has(agent)) source.callOfThread.set(agent, call);
  if (!source.threadOfCall.has(call)) source.threadOfCall.set(call, agent);
}
