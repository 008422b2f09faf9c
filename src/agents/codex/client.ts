import type { AgentEvent } from '../../core/event.ts';
import { asArray, asText, isObject, type JsonObject } from '../../core/json.ts';
import { hook, meta, notice, unknown } from '../shared/events.ts';
import { mirror } from './answers.ts';
import { changesOf, commandEnd, patchEnd, serverToolEnd } from './ends.ts';
import { contentName, placeOf } from './locate.ts';
import { userEvents } from './messages.ts';
import type { Source } from './source.ts';
import type { Spoken } from './speech.ts';
import {
  clientError,
  compactionEvents,
  reviewEvent,
  rolledBack,
  turnAborted,
  turnEnd,
  usageEvent,
} from './turn-events.ts';

/** Events that repeat response items, or say only what the client itself needs. */
const quiet = new Set([
  'agent_message',
  'agent_reasoning',
  'agent_reasoning_raw_content',
  'agent_reasoning_section_break',
  'task_started',
  'turn_started',
  'item_started',
  'raw_response_item',
  'exec_command_begin',
  'mcp_tool_call_begin',
  'patch_apply_begin',
  'web_search_begin',
  'web_search_end',
  'image_generation_begin',
  'image_generation_end',
  'view_image_tool_call',
  'tool_search_end',
  'dynamic_tool_call_request',
  'dynamic_tool_call_response',
  'plan_update',
  'turn_diff',
  'terminal_interaction',
  'guardian_assessment',
  'thread_settings_applied',
  'thread_goal_updated',
  'session_configured',
  'mcp_startup_update',
  'mcp_startup_complete',
  'shutdown_complete',
]);

/** What the client recorded (formats.md 2.6). */
export function clientEvents(spoken: Spoken, source: Source): AgentEvent[] {
  const { inner, payload } = spoken.entry;
  switch (inner) {
    case 'user_message':
      return userEvents(spoken, source);
    case 'token_count':
      return [usageEvent(spoken, source)];
    case 'task_complete':
    case 'turn_complete':
      return turnEnd(spoken, source);
    case 'turn_aborted':
      return [turnAborted(spoken, source)];
    case 'exec_command_end':
      return commandEnd(spoken, payload, source);
    case 'patch_apply_end':
      return patchEnd(spoken, payload, source);
    case 'mcp_tool_call_end':
      return serverToolEnd(spoken, payload, source);
    case 'item_completed':
      return isObject(payload['item']) ? itemEnd(spoken, payload['item'], source) : [unread(spoken, source)];
    case 'context_compacted':
      return compactionEvents(spoken, 'event', source);
    case 'thread_rolled_back':
      return [rolledBack(spoken, source)];
    case 'entered_review_mode':
    case 'exited_review_mode':
      return [reviewEvent(spoken, source)];
    case 'error':
      return [clientError(spoken, false, source)];
    case 'stream_error':
      return [clientError(spoken, true, source)];
    case 'warning':
    case 'deprecation_notice':
    case 'background_event':
    case 'undo_completed':
      return [notice(placeOf(spoken, contentName(spoken), source), 0, noticeText(spoken))];
    case 'thread_name_updated':
      return [meta(placeOf(spoken, contentName(spoken), source), 'title_custom', 0, threadName(payload))];
    case 'sub_agent_activity':
      return [subAgentEvent(spoken, payload, source)];
    default:
      return quiet.has(inner) ? [mirror(spoken, source)] : [collaboration(spoken, source)];
  }
}

/** Items of a paginated file (formats.md 2.6). */
function itemEnd(spoken: Spoken, item: JsonObject, source: Source): AgentEvent[] {
  switch (item['type']) {
    case 'UserMessage':
      return userEvents(spoken, source);
    case 'CommandExecution':
      return commandEnd(spoken, item, source);
    case 'FileChange':
      return patchEnd(spoken, changesOf(item), source);
    case 'McpToolCall':
      return serverToolEnd(spoken, item, source);
    case 'ContextCompaction':
      return compactionEvents(spoken, 'event', source);
    case 'SubAgentActivity':
      return [subAgentEvent(spoken, item, source)];
    case 'HookPrompt':
      return [hookPrompt(spoken, item, source)];
    case 'AgentMessage':
    case 'Plan':
    case 'Reasoning':
    case 'WebSearch':
    case 'ImageView':
    case 'ImageGeneration':
    case 'EnteredReviewMode':
    case 'ExitedReviewMode':
      return [mirror(spoken, source)];
    default:
      return [unread(spoken, source)];
  }
}

function unread(spoken: Spoken, source: Source): AgentEvent {
  return unknown(placeOf(spoken, contentName(spoken), source), 0, spoken.entry.value);
}

/** A hook that tells the model to go on. */
function hookPrompt(spoken: Spoken, item: JsonObject, source: Source): AgentEvent {
  const fragments =
    asArray(item['fragments'])?.map((part) => (isObject(part) ? asText(part['text']) : asText(part))) ?? [];
  const text = fragments.filter((part) => part !== null).join('\n');
  const place = placeOf(spoken, contentName(spoken), source);
  return hook(place, 0, text, { subtype: 'context', callId: null, durationS: null });
}

/** The thread of a sub-agent that was started; what comes later is told in its own file. */
function subAgentEvent(spoken: Spoken, fields: JsonObject, source: Source): AgentEvent {
  const thread = asText(fields['agent_thread_id']);
  if (fields['kind'] !== 'started' || thread === null) return mirror(spoken, source);
  return meta(placeOf(spoken, contentName(spoken), source), 'link', 0, `started sub-agent ${thread}`);
}

/** `collab_*` tell of sub-agents; their calls are items as well. */
function collaboration(spoken: Spoken, source: Source): AgentEvent {
  const { inner, payload } = spoken.entry;
  if (!inner.startsWith('collab_')) return unread(spoken, source);
  const thread = inner === 'collab_agent_spawn_end' ? asText(payload['new_thread_id']) : null;
  if (thread === null) return mirror(spoken, source);
  return meta(placeOf(spoken, contentName(spoken), source), 'link', 0, `started sub-agent ${thread}`);
}

function noticeText({ entry }: Spoken): string {
  const { inner, payload } = entry;
  return asText(payload['message']) ?? asText(payload['summary']) ?? inner.replaceAll('_', ' ');
}

function threadName(payload: JsonObject): string | null {
  return asText(payload['thread_name']) ?? asText(payload['name']);
}
