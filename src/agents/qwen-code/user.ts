import type { AgentEvent, MetaSubtype } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { meta, plain } from '../shared/events.ts';
import type { Place } from '../shared/place.ts';
import { hasFile, partsOf, wordsOf } from './parts.ts';
import { resultEvents } from './results.ts';
import type { Source } from './source.ts';

/** Between what was typed and the files that it names with `@`. */
const REFERENCED_FILES = '\n--- Content from referenced files ---';

/** A line of role user: a person's words, tool results, or what the program puts in (formats.md 8.4). */
export function userEvents(place: Place, value: JsonObject, source: Source): readonly AgentEvent[] {
  const parts = partsOf(place, value);
  if (value['type'] === 'tool_result' || parts.some(isResponse)) return resultEvents(place, { value, parts }, source);
  const shown = asText(isObject(value['systemPayload']) ? value['systemPayload']['displayText'] : undefined);
  const text = shown ?? wordsOf(parts);
  const subtype = machineSubtype(value, place) ?? commandSubtype(text, wordsOf(parts), source) ?? textSubtype(text);
  if (subtype !== null) return [meta(place, subtype, 0, text)];
  return typedEvents(place, shown ?? withFile(text, parts));
}

function isResponse(part: Json): boolean {
  return isObject(part) && part['functionResponse'] !== undefined;
}

function withFile(text: string, parts: readonly Json[]): string {
  return text.trim() === '' && hasFile(parts) ? '[image]' : text;
}

function typedEvents(place: Place, text: string): readonly AgentEvent[] {
  if (text.trim() === '') return [meta(place, 'internal', 0, null)];
  const end = text.indexOf(REFERENCED_FILES);
  if (end === -1) return [plain(place, 'prompt', 0, text)];
  return [plain(place, 'prompt', 0, text.slice(0, end)), meta(place, 'context', 'files', text.slice(end + 1))];
}

/** Who wrote it, where the line's own fields tell; null for a person. */
function machineSubtype(value: JsonObject, place: Place): MetaSubtype | null {
  if (place.threadId !== MAIN_THREAD)
    return value['externalInputKind'] === 'notification' ? 'notification' : 'subagent_prompt';
  const subtype = asText(value['subtype']);
  if (subtype === 'notification' || subtype === 'cron') return 'notification';
  if (subtype !== null && subtype !== 'mid_turn_user_message') return 'context';
  const provenance = asText(value['provenance']);
  return provenance === null || provenance === 'real_user' ? null : 'context';
}

/** A slash command has a line of its own, and what it sends to the model is the next of role user. */
function commandSubtype(text: string, sent: string, source: Source): MetaSubtype | null {
  const command = source.openCommand;
  source.openCommand = null;
  if (sent.startsWith('Base directory for this skill:')) return 'skill';
  if (command !== null) return 'context';
  return text !== sent && /^\/[A-Za-z][\w:-]*(?:\s|$)/.test(text) ? 'command' : null;
}

function textSubtype(text: string): MetaSubtype | null {
  return injected.test(text.trimStart()) ? 'context' : null;
}

const injected =
  /^(?:<(?:session_context|hook_context|system-reminder|state_snapshot|task-notification)\b|This is the (?:Qwen Code|Gemini CLI)\. We are setting up the context)/;
