import type { AgentEvent, MetaSubtype } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { interrupt, meta, notice, progress, unknown } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { callFailure, sessionError } from './api-errors.ts';
import { completeCall, decidePermission, personCall, requestPermission, startCall } from './calls.ts';
import { compactionEvents, compactionStart, truncationEvent } from './compaction.ts';
import { hookEnd, hookStart } from './hooks.ts';
import { assistantMessage, reasoningEvent, systemMessage, userMessage } from './messages.ts';
import { isSubAgentInteraction, noteInteraction } from './session.ts';
import type { Source } from './source.ts';
import { subAgentNotice } from './sub-agents.ts';
import { turnEnd, turnStart } from './turns.ts';
import { addCallUsage } from './usage-book.ts';
import { callUsage, shutdownEvents } from './usage.ts';

type Handler = (place: Place, data: JsonObject, source: Source) => readonly AgentEvent[];

/** Record types that say nothing of their own: what they report stands in other records, or is only a state. */
const quiet: Handler = (place) => [meta(place, 'internal', 0, null)];

/** A record whose whole content is one text field. */
function told(subtype: MetaSubtype, field: string): Handler {
  return (place, data) => [meta(place, subtype, 0, textField(place.flags, data[field]))];
}

function noticed(field: string): Handler {
  return (place, data) => [notice(place, 0, textField(place.flags, data[field]))];
}

const handlers = new Map<string, Handler>([
  ['user.message', (place, data, source) => [userMessage(place, data, isSubAgentInteraction(data, source))]],
  ['assistant.message', assistantMessage],
  ['assistant.reasoning', reasoningEvent],
  ['assistant.turn_start', turnStart],
  ['assistant.turn_end', turnEnd],
  ['assistant.intent', told('internal', 'intent')],
  ['system.message', (place, data) => [systemMessage(place, data)]],
  ['system.notification', told('notification', 'content')],
  ['skill.invoked', told('skill', 'content')],
  ['tool.execution_start', startCall],
  ['tool.execution_complete', completeCall],
  ['tool.user_requested', personCall],
  ['tool.execution_progress', (place, data) => [progressEvent(place, data, 'progressMessage')]],
  ['tool.execution_partial_result', (place, data) => [progressEvent(place, data, 'partialOutput')]],
  ['permission.requested', requestPermission],
  ['permission.completed', decidePermission],
  ['hook.start', hookStart],
  ['hook.end', hookEnd],
  ['abort', (place, data) => [abortEvent(place, data)]],
  ['subagent.selected', subAgentNotice],
  ['subagent.deselected', subAgentNotice],
  ['subagent.started', subAgentNotice],
  ['subagent.completed', subAgentNotice],
  ['subagent.failed', subAgentNotice],
  ['session.shutdown', shutdownEvents],
  ['assistant.usage', (place, data, source) => callUsageEvents(place, data, source)],
  ['session.compaction_start', compactionStart],
  ['session.compaction_complete', compactionEvents],
  ['session.truncation', (place, data) => [truncationEvent(place, data)]],
  ['session.error', (place, data) => [sessionError(place, data)]],
  ['model.call_failure', (place, data) => [callFailure(place, data)]],
  ['session.warning', noticed('message')],
  ['session.info', noticed('message')],
  ['session.title_changed', told('title_ai', 'title')],
  ['session.mode_changed', (place, data) => [changeEvent(place, data, 'previousMode', 'newMode')]],
  ['session.model_change', (place, data) => [changeEvent(place, data, 'previousModel', 'newModel')]],
  ['session.auto_mode_resolved', told('mode', 'chosenModel')],
  ['session.permissions_changed', (place, data) => [permissionsEvent(place, data)]],
  ['session.context_changed', told('internal', 'branch')],
  ['session.plan_changed', told('internal', 'operation')],
  ['session.workspace_file_changed', told('snapshot', 'path')],
  ['session.snapshot_rewind', told('snapshot', 'upToEventId')],
  ['session.handoff', (place, data) => [handoffEvent(place, data)]],
  ['session.import_legacy', (place) => [meta(place, 'link', 0, 'session of an older version')]],
  ['session.context_cleared', (place) => [notice(place, 0, 'context cleared')]],
  ['command.execute', told('command', 'command')],
]);

const quietTypes = new Set([
  'session.start',
  'session.resume',
  'session.idle',
  'session.task_complete',
  'session.usage_checkpoint',
  'session.usage_info',
  'session.todos_changed',
  'pending_messages.modified',
  'model.call_finished',
]);
const quietFamilies = /^(?:user_input|exit_plan_mode|command)\.|_delta$/;

export function eventsOfType(
  type: string,
  place: Place,
  data: JsonObject,
  value: JsonObject,
  source: Source,
): readonly AgentEvent[] {
  const handler = handlers.get(type);
  const events =
    handler?.(place, data, source) ??
    (quietTypes.has(type) || quietFamilies.test(type) ? quiet(place, data, source) : [unknown(place, 0, value)]);
  // A prompt must not decide by itself whose its interaction is.
  if (type !== 'user.message') noteInteraction(data, place.threadId !== MAIN_THREAD, source);
  return events;
}

/** The person stops the turn; the program's own stops are no interruptions. */
function abortEvent(place: Place, data: JsonObject): AgentEvent {
  const reason = textField(place.flags, data['reason']);
  return reason === 'autopilot_credit_limit' ? notice(place, 0, reason) : interrupt(place, 'turn', 0, reason ?? '');
}

function progressEvent(place: Place, data: JsonObject, field: string): AgentEvent {
  return progress(place, textField(place.flags, data[field]), {
    callId: textField(place.flags, data['toolCallId']),
    progressType: place.recordType,
    counter: null,
    elapsedS: null,
    totalLines: null,
  });
}

/** `interactive -> plan`. */
function changeEvent(place: Place, data: JsonObject, before: string, after: string): AgentEvent {
  const names = [textField(place.flags, data[before]), textField(place.flags, data[after])];
  return meta(place, 'mode', 0, names.filter((name) => name !== null).join(' -> '));
}

function permissionsEvent(place: Place, data: JsonObject): AgentEvent {
  return meta(place, 'mode', 0, data['allowAllPermissions'] === true ? 'all permissions' : null);
}

/** A session that was begun elsewhere goes on here. */
function handoffEvent(place: Place, data: JsonObject): AgentEvent {
  const origin = textField(place.flags, data['remoteSessionId']);
  return meta(place, 'link', 0, origin === null ? 'handed over' : `handed over from session ${origin}`);
}

function callUsageEvents(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  addCallUsage(source.usage);
  return [callUsage(place, data)];
}
