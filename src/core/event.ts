import type { JsonObject } from './json.ts';
import type { SessionId } from './ids.ts';

/** Microseconds since 1970-01-01 UTC, always a safe integer. */
export type Micros = number;

export type ToolKind = 'shell' | 'read' | 'edit' | 'write' | 'search' | 'web' | 'subagent' | 'mcp' | 'plan' | 'other';

/** How a tool call ended. `denied` is the permission system or a sandbox, `rejected` the person. */
export type Outcome =
  'ok' | 'error' | 'denied' | 'rejected' | 'interrupted' | 'timeout' | 'hook_blocked' | 'cancelled' | 'unknown';

export type MetaSubtype =
  | 'command' // slash command typed by a person
  | 'command_output'
  | 'shell' // `!cmd` typed by a person
  | 'shell_output'
  | 'context' // injected by the program: reminders, IDE context, attachments
  | 'subagent_prompt' // written by the parent model
  | 'notification' // machine messages: background tasks, teammates, channels
  | 'skill'
  | 'memory_note'
  | 'queued' // a prompt while it waits; the delivered one is the prompt
  | 'mode'
  | 'title_custom'
  | 'title_ai'
  | 'title_summary'
  | 'snapshot'
  | 'link'
  | 'moved'
  | 'label'
  | 'internal';

export type SystemSubtype = 'turn_end' | 'compaction' | 'notice';
export type HookSubtype = 'output' | 'blocked' | 'failed' | 'cancelled' | 'context' | 'summary';
export type InterruptSubtype = 'turn' | 'tool';
export type ApiErrorSubtype =
  | 'retry'
  | 'rate_limit'
  | 'overloaded'
  | 'authentication'
  | 'billing'
  | 'context_overflow'
  | 'invalid_request'
  | 'timeout'
  | 'server'
  | 'other';

export type EventFlag =
  | 'salvaged' // cut out of a damaged line
  | 'unterminated' // last line of a finished file, without its line feed
  | 'replaced_characters' // lone surrogates or NUL in the text
  | 'duplicate_keys' // an object named a key twice: the last one counts
  | 'wrong_type' // a known field held a value of another type
  | 'no_response_id' // usage without an id: cannot be matched with copies
  | 'future_time'
  | 'assumed_zone' // a time without an offset, read in the zone of the machine, or as UTC where the agent writes UTC
  | 'assumed_model' // usage without a model: the agent's only one at that time
  | 'uncertain_copy' // may repeat another session's history: the boundary is not written
  | 'before_2023';

interface EventBase {
  /**
   * Identity in the agent's own words, the same in every copy of the record: `<uuid>:<block>`, `usage:<message id>`.
   * Hashed with the agent to `event_id`.
   */
  readonly key: string;
  /** The record itself says that it repeats another session's history (a fork's line, a replay): loses against the original. */
  readonly copied: boolean;
  readonly sessionId: SessionId;
  readonly parentSessionId: SessionId | null;
  /** `main`, or the sub-agent's own id. */
  readonly threadId: string;
  /** The call that started this thread, where the agent says so. */
  readonly parentCallId: string | null;
  /** 1-based line and byte offset of the record in its source. */
  readonly line: number;
  readonly offset: number;
  readonly ts: Micros | null;
  /** `neighbour`: the record has no time of its own and takes the nearest earlier (else later) one. */
  readonly tsSource: 'event' | 'neighbour' | null;
  readonly cwd: string | null;
  readonly gitBranch: string | null;
  readonly agentVersion: string | null;
  /** How the agent was started (`cli`, `sdk-cli`, ...), as written. */
  readonly entrypoint: string | null;
  /** The record's type in the agent's own words: `user`, `system.turn_duration`, `attachment.hook_success`. */
  readonly recordType: string;
  /** Whole text; bounded only when it becomes a row. */
  readonly text: string | null;
  readonly flags: readonly EventFlag[];
}

export interface TokenCounts {
  /** Uncached input only, without cache reads and writes. */
  readonly inputTokens: number | null;
  /** Everything billed as output, reasoning included. */
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWrite5mTokens: number | null;
  readonly cacheWrite1hTokens: number | null;
  /** The part of `outputTokens` spent on reasoning, where the agent says so. */
  readonly reasoningTokens: number | null;
}

export interface ToolCallFields {
  readonly callId: string | null;
  readonly toolName: string;
  readonly toolKind: ToolKind;
  /** The shell command line, for tools of kind `shell`. */
  readonly command: string | null;
  readonly filePath: string | null;
  readonly input: JsonObject | null;
}

export interface ToolResultFields {
  readonly callId: string | null;
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  /** Seconds, only where the agent itself wrote a duration. */
  readonly durationS: number | null;
}

export interface ProgressFields {
  readonly callId: string | null;
  readonly progressType: string;
  /** The report's own counter (`bash-progress-7` is 7): a restart means another command. */
  readonly counter: number | null;
  /** Seconds since the command began: cumulative, never to be summed. */
  readonly elapsedS: number | null;
  readonly totalLines: number | null;
}

/**
 * How much one usage event sums. `response`: one model response. `output`: one response of which only the output is known.
 * `process`: all responses of one run of the agent. `session`: all responses of a session. A session that is told at more than one
 * grain is counted at one of them only (intermediate.usage_events).
 */
export type UsageGrain = 'response' | 'output' | 'process' | 'session';

export interface UsageFields extends TokenCounts {
  readonly grain: UsageGrain;
  /** Model responses in the sum; null when a sum does not say. */
  readonly responses: number | null;
  readonly model: string | null;
  readonly responseId: string | null;
  readonly requestId: string | null;
  /** The agent's own cost figure in millionths of a US dollar, where it wrote one. */
  readonly recordedCostUsdMicros: number | null;
  /** `fast` multiplies the list price (formats.md 9.4). */
  readonly speed: string | null;
}

/** One block of one transcript record. A closed union: a new kind must be handled everywhere. */
export type AgentEvent = EventBase &
  (
    | { readonly kind: 'prompt' | 'reply' | 'thinking' | 'summary' | 'unknown' }
    | ({ readonly kind: 'tool_call' } & ToolCallFields)
    | ({ readonly kind: 'tool_result' } & ToolResultFields)
    | ({ readonly kind: 'progress' } & ProgressFields)
    | ({ readonly kind: 'usage' } & UsageFields)
    | { readonly kind: 'meta'; readonly subtype: MetaSubtype }
    | { readonly kind: 'system'; readonly subtype: SystemSubtype; readonly durationS: number | null }
    | {
        readonly kind: 'hook';
        readonly subtype: HookSubtype;
        readonly callId: string | null;
        readonly durationS: number | null;
      }
    | { readonly kind: 'interrupt'; readonly subtype: InterruptSubtype }
    | { readonly kind: 'api_error'; readonly subtype: ApiErrorSubtype }
  );

export type EventKind = AgentEvent['kind'];
