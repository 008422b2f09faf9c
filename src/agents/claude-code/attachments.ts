import type { AgentEvent, HookSubtype } from '../../core/event.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { stripPrompt } from './context.ts';
import { hook, meta, plain, unknown } from '../shared/events.ts';
import { flagOnce, secondsField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { authorOfOrigin, readText, type Author } from './prompts.ts';
import { deliver, queuedText } from './queue.ts';
import type { Source } from './source.ts';

const hookSubtypes = new Map<string, HookSubtype>([
  ['hook_success', 'output'],
  ['hook_system_message', 'output'],
  ['async_hook_response', 'output'],
  ['hook_additional_context', 'context'],
  ['hook_blocking_error', 'blocked'],
  ['hook_stopped_continuation', 'blocked'],
  ['hook_non_blocking_error', 'failed'],
  ['hook_error_during_execution', 'failed'],
  ['hook_cancelled', 'cancelled'],
]);

/** Context that the program adds for the model. */
const contextTypes = new Set([
  'agent_listing_delta',
  'agent_mention',
  'already_read_file',
  'auto_mode',
  'auto_mode_exit',
  'batching_reminder_sent',
  'budget_usd',
  'command_permissions',
  'compact_file_reference',
  'critical_system_reminder',
  'current_session_memory',
  'date_change',
  'deferred_tools_delta',
  'diagnostics',
  'directory',
  'dynamic_skill',
  'edited_image_file',
  'edited_text_file',
  'file',
  'invoked_skills',
  'mcp_instructions_delta',
  'mcp_resource',
  'nested_memory',
  'opened_file_in_ide',
  'output_style',
  'output_token_usage',
  'pdf_reference',
  'plan_file_reference',
  'plan_mode',
  'plan_mode_exit',
  'plan_mode_reentry',
  'read_truncation_notice',
  'relevant_memories',
  'selected_lines_in_ide',
  'silent_turn_reminder',
  'skill_listing',
  'structured_output',
  'task_reminder',
  'task_status',
  'team_context',
  'todo',
  'todo_reminder',
  'token_usage',
  'total_tokens_reminder',
  'ultra_effort_enter',
  'ultra_effort_exit',
  'ultrathink_effort',
  'verify_plan_reminder',
]);

/** A line of type `attachment` (2.1 and later). */
export function attachmentEvents(place: Place, value: JsonObject, source: Source): AgentEvent[] {
  const attachment = value['attachment'];
  const type = isObject(attachment) ? asText(attachment['type']) : null;
  if (!isObject(attachment) || type === null) {
    flagOnce(place.flags, 'wrong_type');
    return [unknown(place, 0, value)];
  }
  if (type === 'queued_command') return queuedCommand(place, attachment, source);
  const subtype = hookSubtypes.get(type);
  if (subtype !== undefined) return [hookEvent(place, attachment, subtype)];
  if (contextTypes.has(type)) return [meta(place, 'context', 0, contextText(attachment))];
  return [unknown(place, 0, value)];
}

/** What was queued while the agent worked, delivered within a turn: a prompt when a person typed it (formats.md 1.5). */
function queuedCommand(place: Place, attachment: JsonObject, source: Source): AgentEvent[] {
  const { text, context } = stripPrompt(queuedText(attachment['prompt']) ?? '');
  const reading = readText(text, queuedAuthor(place, attachment));
  const events: AgentEvent[] = [];
  if (context !== null) events.push(meta(place, 'context', '0:context', context));
  if (reading.kind === 'prompt') {
    events.push(plain(place, 'prompt', 0, reading.text));
    deliver(source.queue, reading.text);
    source.promptSeen = true;
  } else {
    events.push(meta(place, reading.kind === 'meta' ? reading.subtype : 'context', 0, text));
  }
  return events;
}

function queuedAuthor(place: Place, attachment: JsonObject): Author {
  if (attachment['isMeta'] === true) return 'context';
  const mode = attachment['commandMode'] ?? 'prompt';
  if (mode !== 'prompt' && mode !== 'bash') return 'notification';
  if (place.threadId !== MAIN_THREAD) return 'subagent_prompt';
  const origin = attachment['origin'];
  return isObject(origin) ? authorOfOrigin(origin['kind']) : 'person';
}

function hookEvent(place: Place, attachment: JsonObject, subtype: HookSubtype): AgentEvent {
  return hook(place, 0, hookText(attachment), {
    subtype,
    callId: textField(place.flags, attachment['toolUseID']),
    durationS: secondsField(place.flags, attachment['durationMs']),
  });
}

function hookText(attachment: JsonObject): string | null {
  const blocking = attachment['blockingError'];
  const message = isObject(blocking) ? asText(blocking['blockingError']) : asText(blocking);
  const said = message ?? contextText(attachment);
  if (said !== null) return said;
  const outputs = [asText(attachment['stdout']), asText(attachment['stderr'])].filter((output) => output !== null);
  return outputs.length === 0 ? null : outputs.join('\n');
}

/** The text of an attachment, wherever its type keeps it; else the name of the file it is about. */
function contextText(attachment: JsonObject): string | null {
  const { content, text, banner, snippet, addedLines, addedBlocks, displayPath, filename } = attachment;
  const said = textIn(content) ?? asText(text) ?? asText(banner) ?? asText(snippet);
  return said ?? textIn(addedLines) ?? textIn(addedBlocks) ?? asText(displayPath) ?? asText(filename);
}

function textIn(value: Json | undefined): string | null {
  if (Array.isArray(value)) {
    const lines = value.map((item: Json) => textIn(item)).filter((line) => line !== null);
    return lines.length === 0 ? null : lines.join('\n');
  }
  if (!isObject(value)) return asText(value);
  const { content, text, subject, file } = value;
  return textIn(content ?? text ?? subject ?? file);
}
