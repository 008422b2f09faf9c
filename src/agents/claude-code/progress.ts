import type { AgentEvent } from '../../core/event.ts';
import { asNumber, asText, isObject, type JsonObject } from '../../core/json.ts';
import { callEvent } from './assistant.ts';
import { hook, progress, unknown } from '../shared/events.ts';
import { countField, flagOnce, numberField, secondsField, textField } from '../shared/fields.ts';
import { ownMoment } from './locate.ts';
import type { Place } from '../shared/place.ts';
import { resultEvents } from './results.ts';
import type { Source } from './source.ts';
import { addUsage, embeddedLine } from './usage.ts';

/** How much of the whole output stands in for the last lines when those are not written. */
const TAIL_CHARACTERS = 4000;

/** A line of type `progress` (2.1.12 to 2.1.81). */
export function progressEvents(place: Place, value: JsonObject, source: Source): AgentEvent[] {
  const data = value['data'];
  const type = isObject(data) ? asText(data['type']) : null;
  if (!isObject(data) || type === null) {
    flagOnce(place.flags, 'wrong_type');
    return [unknown(place, 0, value)];
  }
  const linked = chainedCall(value, source);
  const callId = textField(place.flags, value['parentToolUseID']);
  const toolUse = textField(place.flags, value['toolUseID']);
  if (type === 'hook_progress') return [hookProgress(place, data, callId ?? toolUse)];
  const embedded = type === 'agent_progress' ? agentEvents(place, data, callId, source) : [];
  const shell = type === 'bash_progress' || type === 'powershell_progress';
  return [
    ...embedded,
    progress(place, shell ? shellOutput(data) : progressText(data), {
      callId: callId ?? (shell ? linked : toolUse),
      progressType: type,
      counter: shell ? counterOf(toolUse) : null,
      elapsedS:
        numberField(place.flags, data['elapsedTimeSeconds']) ?? secondsField(place.flags, data['elapsedTimeMs']),
      totalLines: countField(place.flags, data['totalLines']),
    }),
  ];
}

/** Progress lines form a list that begins at the line of the call: the only link where `parentToolUseID` is missing. */
function chainedCall(value: JsonObject, source: Source): string | null {
  const parent = asText(value['parentUuid']);
  const call = parent === null ? undefined : source.shellCalls.get(parent);
  const uuid = asText(value['uuid']);
  if (call === undefined) return null;
  if (uuid !== null) source.shellCalls.set(uuid, call);
  return call;
}

/** `bash-progress-7` is 7. */
function counterOf(toolUse: string | null): number | null {
  const dash = toolUse?.lastIndexOf('-') ?? -1;
  if (toolUse === null || dash === -1) return null;
  const counter = asNumber(toolUse.slice(dash + 1));
  return counter !== null && Number.isSafeInteger(counter) ? counter : null;
}

function shellOutput(data: JsonObject): string | null {
  const output = asText(data['output']);
  return output ?? asText(data['fullOutput'])?.slice(-TAIL_CHARACTERS) ?? null;
}

/** What the other reports say: a search query, a task that is waited for, the state of an MCP call. */
function progressText(data: JsonObject): string | null {
  return asText(data['query']) ?? asText(data['taskDescription']) ?? asText(data['status']);
}

function hookProgress(place: Place, data: JsonObject, callId: string | null): AgentEvent {
  const name = textField(place.flags, data['hookName']) ?? textField(place.flags, data['hookEvent']);
  const command = textField(place.flags, data['command']);
  const text = [name, command].filter((part) => part !== null).join(': ');
  return hook(place, 0, text, { subtype: 'output', callId, durationS: null });
}

/**
 * A sub-agent's message inside the report: its usage, calls and results may exist nowhere else (5,006 message ids of the real
 * files), so they count, but as copies, so that the sub-agent's own file wins. Its words are left to that file.
 */
function agentEvents(place: Place, data: JsonObject, callId: string | null, source: Source): AgentEvent[] {
  const agent = asText(data['agentId']);
  if (agent !== null && callId !== null) source.callOfThread.set(agent, callId);
  const embedded = data['message'];
  const message = isObject(embedded) ? embedded['message'] : undefined;
  if (!isObject(embedded) || !isObject(message)) return [];
  const there = placeInside(place, embedded, agent, callId);
  if (message['usage'] !== undefined) addUsage(source.responses, there, message, embeddedLine(embedded, place));
  const content = Array.isArray(message['content']) ? message['content'] : [];
  const results = content.filter((block) => isObject(block) && block['type'] === 'tool_result').length;
  const events: AgentEvent[] = [];
  for (const [index, block] of content.entries()) {
    if (!isObject(block)) continue;
    if (block['type'] === 'tool_use') events.push(callEvent(there, index, block, embedded, source));
    if (block['type'] === 'tool_result')
      resultEvents(events, there, index, block, results === 1 ? embedded : null, source);
  }
  return events;
}

function placeInside(place: Place, embedded: JsonObject, agent: string | null, callId: string | null): Place {
  const ts = ownMoment(embedded, place.flags);
  const own = {
    ...place,
    key: asText(embedded['uuid']) ?? `${place.key}:message`,
    copied: true,
    threadId: agent ?? place.threadId,
    parentCallId: callId ?? place.parentCallId,
  };
  return ts === null ? own : { ...own, ts, tsSource: 'event' };
}
