import type {
  AgentEvent,
  ApiErrorSubtype,
  HookSubtype,
  InterruptSubtype,
  MetaSubtype,
  ProgressFields,
  SystemSubtype,
  ToolCallFields,
  ToolResultFields,
  UsageFields,
} from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { flagOnce } from './fields.ts';
import type { Place } from './place.ts';

/** The block of the record that an event stands for, as part of its key. */
type BlockKey = number | string;

type PlainKind = 'prompt' | 'reply' | 'thinking' | 'summary' | 'unknown';

/** Seconds that something took; nothing takes less than none, so a clock that was set back is said instead of counted. */
function lengthOf(place: Place, seconds: number | null): number | null {
  if (seconds === null || seconds >= 0) return seconds;
  flagOnce(place.flags, 'wrong_type');
  return null;
}

/** Money in millionths; what is negative or beyond any whole number that can be kept is no cost. */
function amountOf(place: Place, micros: number | null): number | null {
  if (micros === null || (micros >= 0 && Number.isSafeInteger(micros))) return micros;
  flagOnce(place.flags, 'wrong_type');
  return null;
}

// Each function writes one whole literal: spreading the common part costs several times as much, once per event.

export function plain(place: Place, kind: PlainKind, block: BlockKey, text: string | null): AgentEvent {
  return {
    kind,
    key: `${place.key}:${block}`,
    copied: place.copied,
    sessionId: place.sessionId,
    parentSessionId: place.parentSessionId,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
    line: place.line,
    offset: place.offset,
    ts: place.ts,
    tsSource: place.tsSource,
    cwd: place.cwd,
    gitBranch: place.gitBranch,
    agentVersion: place.agentVersion,
    entrypoint: place.entrypoint,
    recordType: place.recordType,
    text: text === '' ? null : text,
    flags: place.flags,
  };
}

/** What one response, or a sum of them, used; `key` is the whole key, since copies of a response lie in other records. */
export function usage(place: Place, key: string, fields: UsageFields): AgentEvent {
  return {
    kind: 'usage',
    key,
    copied: place.copied,
    sessionId: place.sessionId,
    parentSessionId: place.parentSessionId,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
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
    flags: place.flags,
    model: fields.model,
    responseId: fields.responseId,
    requestId: fields.requestId,
    grain: fields.grain,
    responses: fields.responses,
    inputTokens: fields.inputTokens,
    outputTokens: fields.outputTokens,
    cacheReadTokens: fields.cacheReadTokens,
    cacheWrite5mTokens: fields.cacheWrite5mTokens,
    cacheWrite1hTokens: fields.cacheWrite1hTokens,
    reasoningTokens: fields.reasoningTokens,
    recordedCostUsdMicros: amountOf(place, fields.recordedCostUsdMicros),
    speed: fields.speed,
  };
}

/** A record or block of a type that nobody has seen yet: kept as compact JSON. */
export function unknown(place: Place, block: BlockKey, value: Json): AgentEvent {
  return plain(place, 'unknown', block, JSON.stringify(value));
}

export function toolCall(place: Place, block: BlockKey, call: ToolCallFields): AgentEvent {
  return {
    kind: 'tool_call',
    key: `${place.key}:${block}`,
    copied: place.copied,
    sessionId: place.sessionId,
    parentSessionId: place.parentSessionId,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
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
    flags: place.flags,
    callId: call.callId,
    toolName: call.toolName,
    toolKind: call.toolKind,
    command: call.command,
    filePath: call.filePath,
    input: call.input,
  };
}

export function toolResult(place: Place, block: BlockKey, text: string, result: ToolResultFields): AgentEvent {
  return {
    kind: 'tool_result',
    key: `${place.key}:${block}`,
    copied: place.copied,
    sessionId: place.sessionId,
    parentSessionId: place.parentSessionId,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
    line: place.line,
    offset: place.offset,
    ts: place.ts,
    tsSource: place.tsSource,
    cwd: place.cwd,
    gitBranch: place.gitBranch,
    agentVersion: place.agentVersion,
    entrypoint: place.entrypoint,
    recordType: place.recordType,
    text: text === '' ? null : text,
    flags: place.flags,
    callId: result.callId,
    outcome: result.outcome,
    exitCode: result.exitCode,
    durationS: lengthOf(place, result.durationS),
  };
}

export function progress(place: Place, text: string | null, report: ProgressFields): AgentEvent {
  return {
    kind: 'progress',
    key: `${place.key}:0`,
    copied: place.copied,
    sessionId: place.sessionId,
    parentSessionId: place.parentSessionId,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
    line: place.line,
    offset: place.offset,
    ts: place.ts,
    tsSource: place.tsSource,
    cwd: place.cwd,
    gitBranch: place.gitBranch,
    agentVersion: place.agentVersion,
    entrypoint: place.entrypoint,
    recordType: place.recordType,
    text: text === '' ? null : text,
    flags: place.flags,
    callId: report.callId,
    progressType: report.progressType,
    counter: report.counter,
    elapsedS: lengthOf(place, report.elapsedS),
    totalLines: report.totalLines,
  };
}

export function meta(place: Place, subtype: MetaSubtype, block: BlockKey, text: string | null): AgentEvent {
  return {
    kind: 'meta',
    key: `${place.key}:${block}`,
    copied: place.copied,
    sessionId: place.sessionId,
    parentSessionId: place.parentSessionId,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
    line: place.line,
    offset: place.offset,
    ts: place.ts,
    tsSource: place.tsSource,
    cwd: place.cwd,
    gitBranch: place.gitBranch,
    agentVersion: place.agentVersion,
    entrypoint: place.entrypoint,
    recordType: place.recordType,
    text: text === '' ? null : text,
    flags: place.flags,
    subtype,
  };
}

interface HookFields {
  readonly subtype: HookSubtype;
  readonly callId: string | null;
  readonly durationS: number | null;
}

export function hook(place: Place, block: BlockKey, text: string | null, fields: HookFields): AgentEvent {
  return {
    kind: 'hook',
    key: `${place.key}:${block}`,
    copied: place.copied,
    sessionId: place.sessionId,
    parentSessionId: place.parentSessionId,
    threadId: place.threadId,
    parentCallId: place.parentCallId,
    line: place.line,
    offset: place.offset,
    ts: place.ts,
    tsSource: place.tsSource,
    cwd: place.cwd,
    gitBranch: place.gitBranch,
    agentVersion: place.agentVersion,
    entrypoint: place.entrypoint,
    recordType: place.recordType,
    text: text === '' ? null : text,
    flags: place.flags,
    subtype: fields.subtype,
    callId: fields.callId,
    durationS: lengthOf(place, fields.durationS),
  };
}

// The kinds below are rare: a spread is cheap enough for them.

interface SystemFields {
  readonly subtype: SystemSubtype;
  readonly durationS: number | null;
}

export function system(place: Place, block: BlockKey, text: string | null, fields: SystemFields): AgentEvent {
  return {
    ...plain(place, 'unknown', block, text),
    kind: 'system',
    subtype: fields.subtype,
    durationS: lengthOf(place, fields.durationS),
  };
}

export function notice(place: Place, block: BlockKey, text: string | null): AgentEvent {
  return system(place, block, text, { subtype: 'notice', durationS: null });
}

export function interrupt(place: Place, subtype: InterruptSubtype, block: BlockKey, text: string): AgentEvent {
  return { ...plain(place, 'unknown', block, text), kind: 'interrupt', subtype };
}

export function apiError(place: Place, subtype: ApiErrorSubtype, block: BlockKey, text: string | null): AgentEvent {
  return { ...plain(place, 'unknown', block, text), kind: 'api_error', subtype };
}
