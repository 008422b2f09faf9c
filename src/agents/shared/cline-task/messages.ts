import type { AgentEvent, MetaSubtype } from '../../../core/event.ts';
import { asText, isObject, type JsonObject } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import { apiError, meta, notice, plain, system, toolResult, unknown } from '../events.ts';
import { textField } from '../fields.ts';
import type { Place } from '../place.ts';
import { failureOf } from './api-errors.ts';
import { addFeedback, addOutput, closeCall, openCall } from './calls.ts';
import { errorEvents } from './errors.ts';
import { parsedText, wordsOf } from './message.ts';
import { requestEvents } from './requests.ts';
import { messagePlace, type Task } from './task.ts';
import { requestOf } from './tools.ts';

/** The events of one message; none only when it adds to the result of an open call. */
export function messageEvents(task: Task, record: SourceRecord, message: JsonObject): readonly AgentEvent[] {
  const type = asText(message['type']);
  const refined = type === 'say' || type === 'ask' ? asText(message[type]) : null;
  const place = messagePlace(task, record, message, refined === null ? (type ?? 'untyped') : `${type}.${refined}`);
  if (message['partial'] === true) return [meta(place, 'internal', 'partial', null)];
  if (refined === null) return [unknown(place, 0, message)];
  const request = requestOf(place.flags, refined, message);
  if (request !== null) return openCall(task, place, request);
  return eventsOf(task, place, refined, message);
}

function eventsOf(task: Task, place: Place, refined: string, message: JsonObject): readonly AgentEvent[] {
  const text = textField(place.flags, message['text']);
  const subtype = metaTypes.get(refined);
  if (subtype !== undefined) return [meta(place, subtype, 0, text)];
  if (errorTypes.has(refined)) return errorEvents(task, place, refined, text);
  if (outputTypes.has(refined)) return outputEvents(task, place, outputOf(refined, message) ?? text);
  switch (refined) {
    case 'api_req_started':
      return requestEvents(task, place, message);
    case 'task':
    case 'text':
      return [...closeCall(task, null), wordsEvent(task, place, refined, message, text)];
    case 'user_feedback':
    case 'user_feedback_diff':
      addFeedback(task, place);
      return [promptEvent(place, 'prompt', wordsOf(message, diffOf(refined, message) ?? text))];
    case 'reasoning':
      return [plain(place, 'thinking', 0, text)];
    case 'followup':
    case 'plan_mode_respond':
    case 'act_mode_respond':
    case 'completion_result':
      return [...closeCall(task, null), replyEvent(place, message, text)];
    case 'subtask_result':
      return subtaskEvents(task, place, text);
    case 'api_req_failed':
      return [failureEvent(task, place, text)];
    case 'api_req_retry_delayed':
    case 'error_retry':
      return [apiError(place, 'retry', 0, text)];
    case 'condense_context':
    case 'sliding_window_truncation':
    case 'condense':
    case 'summarize_task':
      return compactionEvents(place, message, text);
    default:
      return noticeTypes.has(refined) ? [notice(place, 0, text)] : [unknown(place, 0, message)];
  }
}

/** Messages that only keep account, or show what is told elsewhere. */
const metaTypes = new Map<string, MetaSubtype>([
  ['api_req_deleted', 'internal'],
  ['api_req_finished', 'internal'],
  ['api_req_retried', 'internal'],
  ['browser_session_status', 'internal'],
  ['checkpoint_created', 'snapshot'],
  ['checkpoint_saved', 'snapshot'],
  ['deleted_api_reqs', 'internal'],
  ['image', 'internal'],
  ['load_mcp_documentation', 'internal'],
  ['mcp_notification', 'notification'],
  ['mcp_server_request_started', 'internal'],
  ['resume_completed_task', 'internal'],
  ['resume_task', 'internal'],
  ['task_progress', 'internal'],
  ['user_edit_todos', 'internal'],
]);

const errorTypes = new Set([
  'clineignore_error',
  'command_permission_denied',
  'diff_error',
  'error',
  'rooignore_error',
]);
const outputTypes = new Set([
  'browser_action_result',
  'codebase_search_result',
  'command_output',
  'mcp_server_response',
]);
const noticeTypes = new Set([
  'api_req_rate_limit_wait',
  'auto_approval_max_req_reached',
  'condense_context_error',
  'info',
  'mistake_limit_reached',
  'shell_integration_warning',
  'shell_integration_warning_with_suggestion',
  'too_many_tools_warning',
]);

/** The first words are the task; all later ones are the model's. */
function wordsEvent(task: Task, place: Place, refined: string, message: JsonObject, text: string | null): AgentEvent {
  const isTask = !task.isBegun || refined === 'task';
  task.isBegun = true;
  if (!isTask) return plain(place, 'reply', 0, text);
  return promptEvent(place, task.parentSessionId === null ? 'prompt' : 'subagent_prompt', wordsOf(message, text));
}

/** A message without words or pictures is a press of a button. */
function promptEvent(place: Place, author: 'prompt' | 'subagent_prompt', words: string): AgentEvent {
  if (words === '') return meta(place, 'internal', 0, null);
  return author === 'prompt' ? plain(place, author, 0, words) : meta(place, author, 0, words);
}

/** What a person changed in the editor before it was kept. */
function diffOf(refined: string, message: JsonObject): string | null {
  const fields = refined === 'user_feedback_diff' ? parsedText(message) : null;
  return fields === null ? null : asText(fields['diff']);
}

/** The model's words to the person: plain, or as a question with answers to choose from. */
function replyEvent(place: Place, message: JsonObject, text: string | null): AgentEvent {
  const fields = parsedText(message);
  const words = fields === null ? null : (asText(fields['question']) ?? asText(fields['response']));
  // The program marks a result that changed files, at the end of its text.
  const reply = words ?? text?.replace(/HAS_CHANGES$/, '') ?? '';
  return reply === '' ? meta(place, 'internal', 0, null) : plain(place, 'reply', 0, reply);
}

/** What a page logged, without the picture of it. */
function outputOf(refined: string, message: JsonObject): string | null {
  const fields = refined === 'browser_action_result' ? parsedText(message) : null;
  return fields === null ? null : (asText(fields['logs']) ?? '');
}

/** Output that comes when no tool is at work belongs to a command whose result is told already. */
function outputEvents(task: Task, place: Place, text: string | null): AgentEvent[] {
  return addOutput(task, place, text ?? '') ? [] : [meta(place, 'internal', 0, text)];
}

/** What a sub-task came to is the result of the call that started it. */
function subtaskEvents(task: Task, place: Place, text: string | null): AgentEvent[] {
  if (addOutput(task, place, text ?? '')) return closeCall(task, null);
  return [toolResult(place, 0, text ?? '', { callId: null, outcome: 'ok', exitCode: null, durationS: null })];
}

/** The question whether to try again repeats the error of its request. */
function failureEvent(task: Task, place: Place, text: string | null): AgentEvent {
  const isRepeated = text !== null && text === task.lastFailure;
  task.lastFailure = null;
  return isRepeated ? meta(place, 'internal', 0, null) : apiError(place, failureOf(text), 0, text);
}

function compactionEvents(place: Place, message: JsonObject, text: string | null): AgentEvent[] {
  const condensed = message['contextCondense'];
  const summary = isObject(condensed) ? asText(condensed['summary']) : null;
  const marker = system(place, 0, text, { subtype: 'compaction', durationS: null });
  return summary === null ? [marker] : [marker, plain(place, 'summary', 'summary', summary)];
}
