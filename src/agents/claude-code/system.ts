import type { AgentEvent } from '../../core/event.ts';
import { asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { apiErrorSubtype } from './api-errors.ts';
import { apiError, hook, meta, notice, system, unknown } from '../shared/events.ts';
import { numberField, secondsField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { readText } from './prompts.ts';
import { deliver } from './queue.ts';
import type { Source } from './source.ts';

const notices = new Set([
  'informational',
  'away_summary',
  'task_started',
  'task_progress',
  'task_notification',
  'model_refusal_fallback',
  'api_refusal',
  'bridge_status',
  'init',
  'scheduled_task_fire',
]);

/** A line of type `system`; versions 1.x write no subtype. */
export function systemEvents(place: Place, value: JsonObject, source: Source): AgentEvent[] {
  const subtype = asText(value['subtype']);
  switch (subtype) {
    case 'turn_duration':
      return [
        system(place, 0, null, { subtype: 'turn_end', durationS: secondsField(place.flags, value['durationMs']) }),
      ];
    case 'compact_boundary':
    case 'microcompact_boundary':
      return [compactionEvent(place, value)];
    case 'stop_hook_summary':
      return [stopHooks(place, value)];
    case 'api_error':
      return [apiError(place, 'retry', 0, retryText(place, value))];
    case 'error':
      return [finalError(place, value)];
    case 'local_command':
      return [localCommand(place, value, source)];
    case null:
      return [untypedNotice(place, value)];
    default:
      return notices.has(subtype) ? [notice(place, 0, content(place, value))] : [unknown(place, 0, value)];
  }
}

/** `auto, 155000 tokens before`; some builds write the boundary as a record type of its own. */
export function compactionEvent(place: Place, value: JsonObject): AgentEvent {
  const written = value['compactMetadata'] ?? value['microcompactMetadata'];
  if (!isObject(written)) return system(place, 0, content(place, value), { subtype: 'compaction', durationS: null });
  const before = numberField(place.flags, written['preTokens']);
  const after = numberField(place.flags, written['postTokens']);
  const saved = numberField(place.flags, written['tokensSaved']);
  const parts = [
    textField(place.flags, written['trigger']),
    before === null ? null : `${before} tokens before`,
    after === null ? null : `${after} tokens after`,
    saved === null ? null : `${saved} tokens saved`,
  ];
  const text = parts.filter((part) => part !== null).join(', ');
  const durationS = secondsField(place.flags, written['durationMs']);
  return system(place, 0, text === '' ? content(place, value) : text, { subtype: 'compaction', durationS });
}

function stopHooks(place: Place, value: JsonObject): AgentEvent {
  const errors = messages(value['hookErrors']);
  const reason = textField(place.flags, value['stopReason']);
  const text = errors === '' ? (reason ?? commands(value['hookInfos'])) : errors;
  const callId = textField(place.flags, value['toolUseID']);
  return hook(place, 0, text, { subtype: errors === '' ? 'summary' : 'failed', callId, durationS: null });
}

function messages(value: Json | undefined): string {
  if (!Array.isArray(value)) return '';
  return value.map((item: Json) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');
}

function commands(value: Json | undefined): string {
  if (!Array.isArray(value)) return '';
  return value
    .map((item: Json) => (isObject(item) ? asText(item['command']) : null))
    .filter((command) => command !== null)
    .join('\n');
}

/** The newest versions write a request's final failure as a system line too. */
function finalError(place: Place, value: JsonObject): AgentEvent {
  const error = value['error'];
  const text = errorText(error);
  const status = isObject(error) ? asNumber(error['status']) : null;
  return apiError(place, apiErrorSubtype(text ?? '', null, status), 0, text);
}

/** `Unable to connect to API (ECONNRESET) (retry 2 of 10)`; what the error says differs between versions. */
function retryText(place: Place, value: JsonObject): string {
  const attempt = numberField(place.flags, value['retryAttempt']);
  const most = numberField(place.flags, value['maxRetries']);
  const retry = attempt === null ? '' : ` (retry ${attempt}${most === null ? '' : ` of ${most}`})`;
  return `${errorText(value['error']) ?? 'API error'}${retry}`;
}

function errorText(error: Json | undefined): string | null {
  if (!isObject(error)) return asText(error);
  const { status, formatted, message } = error;
  const text = asText(formatted) ?? asText(message) ?? (typeof status === 'number' ? `status ${status}` : null);
  return text ?? errorText(error['error']);
}

/** A built-in slash command and its output. */
function localCommand(place: Place, value: JsonObject, source: Source): AgentEvent {
  const text = content(place, value);
  const reading = readText(text ?? '', 'person');
  if (reading.kind !== 'meta') return notice(place, 0, text);
  if (reading.subtype === 'command') deliver(source.queue, reading.text);
  return meta(place, reading.subtype, 0, reading.text);
}

/** Versions 1.x tell of hooks in notices: `PostToolUse:Edit [ruff format] completed successfully: ...` in bold. */
function untypedNotice(place: Place, value: JsonObject): AgentEvent {
  const text = content(place, value);
  const callId = textField(place.flags, value['toolUseID']);
  // oxlint-disable-next-line no-control-regex -- the event's name stands between the codes for bold and normal
  const name = /^(?:Running )?\u001B\[1m[A-Z][A-Za-z]+(?::[^\u001B]{1,80})?\u001B\[22m/.exec(text ?? '');
  if (text === null || name === null) return notice(place, 0, text);
  const failed = / failed with /.test(text.slice(0, 400));
  return hook(place, 0, text, { subtype: failed ? 'failed' : 'output', callId, durationS: null });
}

function content(place: Place, value: JsonObject): string | null {
  return textField(place.flags, value['content']);
}
