import type { AgentEvent, MetaSubtype } from '../../core/event.ts';
import { sessionId } from '../../core/ids.ts';
import { asArray, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { interrupt, meta, plain, system, unknown } from '../shared/events.ts';
import { numberField, objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { wordsOf } from './parts.ts';
import type { Source } from './source.ts';
import { telemetryEvent } from './telemetry.ts';

/** Lines of the program itself: what they say stands in `systemPayload` (formats.md 8.4). */
export function systemEvents(place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  const subtype = asText(value['subtype']);
  const payload = objectField(place.flags, value['systemPayload']) ?? {};
  const read = subtype === null ? undefined : readers.get(subtype);
  if (read !== undefined) return read(place, payload, source);
  const silent = subtype === null ? undefined : silentSubtypes.get(subtype);
  return [silent === undefined ? unknown(place, 0, value) : meta(place, silent, 0, null)];
}

type Reader = (place: Place, payload: JsonObject, source: Source) => readonly AgentEvent[];

const readers = new Map<string, Reader>([
  ['ui_telemetry', (place, payload, source) => [telemetryEvent(place, payload, source)]],
  ['chat_compression', compressionEvents],
  ['slash_command', (place, payload, source) => [commandEvent(place, payload, source)]],
  ['custom_title', (place, payload, source) => [titleEvent(place, payload, source)]],
  ['turn_result', turnEvents],
  ['parent_session', parentEvents],
  ['session_source', sourceEvents],
  ['rewind', rewindEvents],
  ['notification', textReader('notification', 'displayText')],
  ['background_task_completed', textReader('notification', 'displayText')],
  ['cron', textReader('notification', 'displayText')],
  ['agent_launch_prompt', textReader('subagent_prompt', 'displayText')],
  ['session_model', textReader('mode', 'modelId')],
  ['session_approval_mode', textReader('mode', 'mode')],
  ['at_command', (place, payload) => [meta(place, 'context', 0, filesRead(payload))]],
]);

/** Lines whose content is for the program alone. */
const silentSubtypes = new Map<string, MetaSubtype>([
  ['file_history_snapshot', 'snapshot'],
  ['attribution_snapshot', 'snapshot'],
  ['session_artifact_event', 'snapshot'],
  ['session_artifact_snapshot', 'snapshot'],
  ['session_sources_snapshot', 'snapshot'],
  ['agent_bootstrap', 'context'],
  ['omni_recall', 'context'],
  ['session_notes', 'internal'],
  ['session_execution_engine', 'internal'],
  ['agent_retry', 'internal'],
  ['agent_session_ready', 'internal'],
  ['user_text_elements', 'internal'],
  ['branch_checkpoint', 'internal'],
  ['goal_state', 'internal'],
  ['goal_runtime', 'internal'],
  ['goal_turn_end', 'internal'],
]);

function textReader(subtype: MetaSubtype, field: string): Reader {
  return (place, payload) => [meta(place, subtype, 0, textField(place.flags, payload[field]))];
}

function filesRead(payload: JsonObject): string {
  return (asArray(payload['filesRead']) ?? []).filter((file) => typeof file === 'string').join('\n');
}

/** The first message of the compressed history is the summary. */
function compressionEvents(place: Place, payload: JsonObject): readonly AgentEvent[] {
  const first = asArray(payload['compressedHistory'])?.find(
    (content) => isObject(content) && content['role'] === 'user',
  );
  const parts = isObject(first) ? asArray(first['parts']) : null;
  const summary = parts === null ? '' : wordsOf(parts);
  const event = system(place, 'compaction', null, { subtype: 'compaction', durationS: null });
  return summary === '' ? [event] : [event, plain(place, 'summary', 0, summary)];
}

function commandEvent(place: Place, payload: JsonObject, source: Source): AgentEvent {
  const command = textField(place.flags, payload['rawCommand']);
  if (payload['phase'] === 'result') {
    return meta(place, 'command_output', 0, outputOf(payload['outputHistoryItems']));
  }
  source.openCommand = payload['sentToModel'] === true ? command : null;
  return meta(place, 'command', 0, command);
}

function outputOf(items: Json | undefined): string {
  const texts = (asArray(items) ?? []).map((item) => (isObject(item) ? asText(item['text']) : null));
  return texts.filter((text) => text !== null).join('\n');
}

/** The title is written again every few pages, so that it stays near the file's end. */
function titleEvent(place: Place, payload: JsonObject, source: Source): AgentEvent {
  const title = textField(place.flags, payload['customTitle']);
  if (title === null || title === source.title) return meta(place, 'internal', 0, null);
  source.title = title;
  return meta(place, payload['titleSource'] === 'auto' ? 'title_ai' : 'title_custom', 0, title);
}

function turnEvents(place: Place, payload: JsonObject): readonly AgentEvent[] {
  const started = numberField(place.flags, payload['startedAt']);
  const ended = numberField(place.flags, payload['endedAt']);
  const durationS = started === null || ended === null || ended < started ? null : (ended - started) / 1000;
  const failure = isObject(payload['error']) ? textField(place.flags, payload['error']['message']) : null;
  const end = system(place, 0, failure, { subtype: 'turn_end', durationS });
  return payload['state'] === 'cancelled' ? [interrupt(place, 'turn', 'interrupt', ''), end] : [end];
}

function parentEvents(place: Place, payload: JsonObject, source: Source): readonly AgentEvent[] {
  const parent = textField(place.flags, payload['parentSessionId']);
  if (parent === null || parent === source.sessionId) return [meta(place, 'link', 0, parent)];
  source.parentSessionId = sessionId(parent);
  return [meta({ ...place, parentSessionId: source.parentSessionId }, 'link', 0, `Started by session ${parent}`)];
}

function sourceEvents(place: Place, payload: JsonObject, source: Source): readonly AgentEvent[] {
  source.entrypoint = textField(place.flags, payload['sourceType']) ?? source.entrypoint;
  return [meta({ ...place, entrypoint: source.entrypoint }, 'internal', 0, source.entrypoint)];
}

function rewindEvents(place: Place, payload: JsonObject): readonly AgentEvent[] {
  const count = numberField(place.flags, payload['truncatedCount']);
  return [meta(place, 'internal', 0, count === null ? 'Rewound' : `Rewound by ${count}`)];
}
