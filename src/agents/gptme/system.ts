import type { AgentEvent } from '../../core/event.ts';
import { asObject, type JsonObject } from '../../core/json.ts';
import { interrupt, meta, system, toolResult } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { endingOf } from './outcome.ts';
import { answeredCall } from './pairing.ts';
import type { Source } from './source.ts';

/** A system message: the initial prompt, the result of a tool, or what gptme adds on its own (formats.md 4.3). */
export function systemEvents(place: Place, value: JsonObject, content: string, source: Source): AgentEvent[] {
  if (!source.begun || value['pinned'] === true) return [contextEvent(place, content, source)];
  if (/^🔄\s*(?:Auto-)?[Cc]ompacted\b/u.test(content)) {
    return [system(place, 0, content, { subtype: 'compaction', durationS: null })];
  }
  if (source.afterCommand) return [meta(place, 'command_output', 0, content)];
  const writtenId = textField(place.flags, value['call_id']);
  const call = isAside(value, content) ? null : answeredCall(content, writtenId, source);
  if (call !== null) {
    const { outcome, exitCode } = endingOf(content);
    const { callId, durationS } = call;
    return [toolResult(place, 0, content, { callId, outcome, exitCode, durationS })];
  }
  if (/^Interrupted by user\b/.test(content)) return [stopEvent(place, content, source)];
  return [meta(place, 'context', 0, content)];
}

/** Messages that come between a call and its result, or after it, and are neither. */
function isAside(value: JsonObject, content: string): boolean {
  const metadata = asObject(value['metadata']) ?? {};
  if (['prompt_generation', 'compaction_artifact', 'result_stubs'].some((name) => metadata[name] !== undefined))
    return true;
  return /^\s*<[a-z][a-z0-9_:-]*[\s>]/.test(content) || content.startsWith('# Relevant Lessons');
}

/** The initial prompt names the directory that gptme works in. */
function contextEvent(place: Place, content: string, source: Source): AgentEvent {
  const written = /^[*\t -]*(?:Current )?working directory:?[*:\s]*`?([/~][^\n`]*)/im.exec(content)?.[1];
  source.cwd ??= written?.trim() ?? null;
  return meta({ ...place, cwd: source.cwd }, 'context', 0, content);
}

/** The person stopped the answer; when the answer's own text says so already, it is not counted again. */
function stopEvent(place: Place, content: string, source: Source): AgentEvent {
  if (!source.cut) return interrupt(place, 'turn', 0, content);
  source.cut = false;
  return meta(place, 'internal', 0, content);
}
