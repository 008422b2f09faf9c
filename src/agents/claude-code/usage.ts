import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type JsonObject } from '../../core/json.ts';
import { countField, numberField, objectField, textField, type Flags } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** One model response while its lines come in: the place of its first line and the largest of each counter. */
interface Response {
  readonly place: Place;
  readonly key: string;
  readonly responseId: string | null;
  copied: boolean;
  threadId: string;
  parentCallId: string | null;
  model: string | null;
  requestId: string | null;
  speed: string | null;
  costUsd: number | null;
  readonly counters: Counters;
}

interface Counters {
  input: number | null;
  output: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  cacheWrite5m: number | null;
  cacheWrite1h: number | null;
  reasoning: number | null;
}

export type Responses = Map<string, Response>;

/** Where a message that carries usage stands beside itself: in its line, or in the progress report that embeds it. */
interface MessageLine {
  readonly requestId: string | null;
  /** Identity of the message where it has no id. */
  readonly uuid: string;
  readonly costUsd: number | null;
}

const SYNTHETIC_MODEL = '<synthetic>';

/** Whether the program wrote the message in the model's place: an API error or a notice, never a response. */
export function isSynthetic(message: JsonObject): boolean {
  return message['model'] === SYNTHETIC_MODEL;
}

/**
 * Adds a line's usage to its response. Every line of a response repeats the usage, with provisional output counts in the
 * early ones, so the largest counts (formats.md 1.8).
 */
export function addUsage(responses: Responses, place: Place, message: JsonObject, line: MessageLine): void {
  const usage = objectField(place.flags, message['usage']);
  if (usage === null || isSynthetic(message)) return;
  const counters = countersOf(place.flags, usage);
  const responseId = textField(place.flags, message['id']);
  const key = usageKey(responseId, line, counters);
  const known = responses.get(key);
  const response = known ?? newResponse(place, key, responseId, counters);
  if (known !== undefined) enlarge(known.counters, counters);
  if (response.copied && !place.copied) {
    response.copied = false;
    response.threadId = place.threadId;
    response.parentCallId = place.parentCallId;
  }
  response.model ??= textField(place.flags, message['model']);
  response.requestId ??= line.requestId;
  response.speed ??= textField(place.flags, usage['speed']);
  response.costUsd = larger(response.costUsd, line.costUsd);
  if (known === undefined) responses.set(key, response);
}

/** A line of an agent's answer, with the fields beside the message. */
export function messageLine(value: JsonObject, place: Place): MessageLine {
  return {
    requestId: textField(place.flags, value['requestId']),
    uuid: place.key,
    costUsd: numberField(place.flags, value['costUSD']),
  };
}

export function closeResponses(responses: Responses): AgentEvent[] {
  return Array.from(responses.values(), usageEvent);
}

function newResponse(place: Place, key: string, responseId: string | null, counters: Counters): Response {
  return {
    place,
    key,
    responseId,
    copied: place.copied,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
    model: null,
    requestId: null,
    speed: null,
    costUsd: null,
    counters,
  };
}

/**
 * Identity of a response. The id alone when it is one of its own, since replays repeat it under another request id; some
 * gateways write one constant id for everything, which only the input counters can tell apart.
 */
function usageKey(id: string | null, line: MessageLine, counters: Counters): string {
  if (id === null) return `usage:${line.uuid}`;
  if (isUnique(id)) return `usage:${id}`;
  if (line.requestId !== null) return `usage:${id}:${line.requestId}`;
  return `usage:${id}:${counters.input ?? ''}:${counters.cacheRead ?? ''}:${counters.cacheWrite ?? ''}`;
}

function isUnique(id: string): boolean {
  return id.length >= 20 && /\d/.test(id) && /[A-Za-z]/.test(id);
}

function countersOf(flags: Flags, usage: JsonObject): Counters {
  const split = objectField(flags, usage['cache_creation']);
  const details = usage['output_tokens_details'];
  return {
    input: countField(flags, usage['input_tokens']),
    output: countField(flags, usage['output_tokens']),
    cacheRead: countField(flags, usage['cache_read_input_tokens']),
    cacheWrite: countField(flags, usage['cache_creation_input_tokens']),
    cacheWrite5m: split === null ? null : countField(flags, split['ephemeral_5m_input_tokens']),
    cacheWrite1h: split === null ? null : countField(flags, split['ephemeral_1h_input_tokens']),
    reasoning: isObject(details) ? countField(flags, details['thinking_tokens']) : null,
  };
}

function enlarge(counters: Counters, more: Counters): void {
  counters.input = larger(counters.input, more.input);
  counters.output = larger(counters.output, more.output);
  counters.cacheRead = larger(counters.cacheRead, more.cacheRead);
  counters.cacheWrite = larger(counters.cacheWrite, more.cacheWrite);
  counters.cacheWrite5m = larger(counters.cacheWrite5m, more.cacheWrite5m);
  counters.cacheWrite1h = larger(counters.cacheWrite1h, more.cacheWrite1h);
  counters.reasoning = larger(counters.reasoning, more.reasoning);
}

function larger(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null || b < a ? a : b;
}

/** Written to the 5-minute cache: what the line says, and what of the total is not said to be of the 1-hour cache. */
function fiveMinuteWrites({ cacheWrite, cacheWrite5m, cacheWrite1h }: Counters): number | null {
  const rest = cacheWrite === null ? null : Math.max(0, cacheWrite - (cacheWrite1h ?? 0));
  return larger(cacheWrite5m, rest);
}

function usageEvent(response: Response): AgentEvent {
  const { place, counters, costUsd, responseId } = response;
  return {
    kind: 'usage',
    key: response.key,
    copied: response.copied,
    sessionId: place.sessionId,
    parentSessionId: null,
    threadId: response.threadId,
    parentCallId: response.parentCallId,
    line: place.line,
    offset: place.offset,
    ts: place.ts,
    tsSource: place.tsSource,
    cwd: place.cwd,
    gitBranch: place.gitBranch,
    agentVersion: place.agentVersion,
    entrypoint: place.entrypoint,
    recordType: place.recordType,
    text: null,
    flags: responseId === null ? [...place.flags, 'no_response_id'] : place.flags,
    model: response.model,
    responseId,
    requestId: response.requestId,
    grain: 'response',
    responses: 1,
    inputTokens: counters.input,
    outputTokens: counters.output,
    cacheReadTokens: counters.cacheRead,
    cacheWrite5mTokens: fiveMinuteWrites(counters),
    cacheWrite1hTokens: counters.cacheWrite1h,
    reasoningTokens: counters.reasoning,
    recordedCostUsdMicros: costUsd === null ? null : Math.round(costUsd * 1_000_000),
    speed: response.speed,
  };
}

/** The message that a sub-agent's progress report embeds, as a line of its own. */
export function embeddedLine(embedded: JsonObject, place: Place): MessageLine {
  return {
    requestId: textField(place.flags, embedded['requestId']),
    uuid: asText(embedded['uuid']) ?? place.key,
    costUsd: null,
  };
}
