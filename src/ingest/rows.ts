import { boundedJson } from '../core/bounded-json.ts';
import type { AgentEvent, EventFlag, EventKind } from '../core/event.ts';
import type { JsonObject } from '../core/json.ts';
import { eventId, sessionBucketHash, type AgentId, type SessionId, type SourceId } from '../core/ids.ts';
import type { SourceSecrets } from '../core/redact/source-secrets.ts';
import { boundText, wellFormed, type TextBound } from '../core/text.ts';
import type { EventStage } from '../lake/stage.ts';
import { costUsdMicros } from './price.ts';
import { priceSource } from './price-source.ts';

/** What every row of one source shares. */
export interface RowSource {
  readonly sourceId: SourceId;
  readonly agent: AgentId;
  readonly user: string;
  /** Price lists to ask, best first. */
  readonly providers: readonly string[];
  /** Hides them in every text that is kept; ids are kept as they are, since rows are joined by them. */
  readonly secrets: SourceSecrets;
}

/** How much text of each kind is kept: people's words whole as far as anyone reads, the end of tool output before its beginning. */
const textBounds: Readonly<Record<EventKind, TextBound>> = {
  prompt: { head: 32_000, tail: 32_000 },
  summary: { head: 3000, tail: 1000 },
  reply: { head: 1000, tail: 500 },
  thinking: { head: 200, tail: 100 },
  tool_call: { head: 0, tail: 0 },
  tool_result: { head: 400, tail: 800 },
  progress: { head: 0, tail: 200 },
  usage: { head: 0, tail: 0 },
  system: { head: 600, tail: 300 },
  hook: { head: 600, tail: 600 },
  interrupt: { head: 600, tail: 300 },
  api_error: { head: 600, tail: 600 },
  meta: { head: 600, tail: 300 },
  unknown: { head: 300, tail: 100 },
};
/** What went well is read for its gist; the words of a failure are evidence. */
const okResultBound: TextBound = { head: 200, tail: 300 };
const commandBound: TextBound = { head: 3000, tail: 1000 };
const nameBound: TextBound = { head: 1000, tail: 500 };

/** Turns events into rows of the stage: hides secrets, bounds texts, hashes ids, prices usage. */
export class EventRows {
  readonly #stage: EventStage;
  readonly #cells: Cells;
  #bucketSession: SessionId | null = null;
  #bucketHash = 0;

  constructor(stage: EventStage) {
    this.#stage = stage;
    this.#cells = cellsOf(stage);
  }

  add(event: AgentEvent, seq: number, source: RowSource, project: string | null): void {
    const known = source.secrets.size;
    this.#write(event, seq, source, project);
    // A field may hold what only a later field of the event gave away.
    if (source.secrets.size > known) this.#write(event, seq, source, project);
    this.#stage.next();
  }

  #write(event: AgentEvent, seq: number, source: RowSource, project: string | null): void {
    const cells = this.#cells;
    const { secrets } = source;
    secrets.at(event.offset, seq);
    cells.eventId.set(eventId(source.agent, event.key));
    cells.agent.set(source.agent);
    cells.sessionId.set(name(event.sessionId));
    cells.threadId.set(name(event.threadId));
    cells.parentSessionId.set(name(event.parentSessionId));
    cells.parentCallId.set(name(event.parentCallId));
    cells.seq.set(seq);
    cells.user.set(name(source.user));
    cells.cwd.set(shownName(secrets, event.cwd));
    cells.project.set(shownName(secrets, project));
    cells.gitBranch.set(shownName(secrets, event.gitBranch));
    cells.agentVersion.set(shownName(secrets, event.agentVersion));
    cells.entrypoint.set(shownName(secrets, event.entrypoint));
    cells.sourceId.set(source.sourceId);
    cells.sourceLine.set(event.line);
    cells.byteOffset.set(event.offset);
    cells.ts.set(event.ts);
    cells.tsSource.set(event.tsSource);
    cells.kind.set(event.kind);
    cells.recordType.set(shownName(secrets, event.recordType));
    cells.copied.set(event.copied ? 1 : 0);
    cells.cluster.set(this.#clusterOf(source.agent, event.sessionId));
    const replaced = this.#text(event, seq, secrets);
    this.#specific(event, source);
    cells.flags.set(flagText(event.flags, replaced));
  }

  /** True when characters that nobody downstream can carry had to be replaced. */
  #text(event: AgentEvent, seq: number, secrets: SourceSecrets): boolean {
    if (event.text === null || event.text === '') return false;
    const lane = `${event.threadId} ${event.kind} ${'callId' in event ? event.callId : ''}`;
    // Bounded first: looking through megabytes that are not kept would cost more than parsing them did.
    const { text, changed } = wellFormed(secrets.boundedEvent(event.text, boundOf(event), seq, lane));
    this.#cells.textBytes.set(Buffer.byteLength(event.text));
    this.#cells.text.set(text);
    return changed;
  }

  #specific(event: AgentEvent, source: RowSource): void {
    const cells = this.#cells;
    const { secrets } = source;
    switch (event.kind) {
      case 'tool_call':
        cells.callId.set(name(event.callId));
        cells.toolName.set(shownName(secrets, event.toolName));
        cells.toolKind.set(event.toolKind);
        cells.command.set(
          event.command === null ? null : wellFormed(secrets.bounded(event.command, commandBound)).text,
        );
        cells.filePath.set(shownName(secrets, event.filePath));
        cells.input.set(event.input === null ? null : shownInput(event.input, secrets));
        break;
      case 'tool_result':
        cells.callId.set(name(event.callId));
        cells.outcome.set(event.outcome);
        cells.exitCode.set(int32(event.exitCode));
        cells.durationS.set(seconds(event.durationS));
        break;
      case 'progress':
        cells.callId.set(name(event.callId));
        cells.progressType.set(shownName(secrets, event.progressType));
        cells.progressCounter.set(int32(event.counter));
        cells.elapsedS.set(seconds(event.elapsedS));
        cells.totalLines.set(integer(event.totalLines));
        break;
      case 'usage':
        this.#usage(event, source);
        break;
      case 'hook':
        cells.callId.set(name(event.callId));
        cells.subtype.set(event.subtype);
        cells.durationS.set(seconds(event.durationS));
        break;
      case 'system':
        cells.subtype.set(event.subtype);
        cells.durationS.set(seconds(event.durationS));
        break;
      case 'meta':
      case 'interrupt':
      case 'api_error':
        cells.subtype.set(event.subtype);
        break;
      case 'prompt':
      case 'reply':
      case 'thinking':
      case 'summary':
      case 'unknown':
        break;
    }
  }

  #usage(event: AgentEvent & { readonly kind: 'usage' }, source: RowSource): void {
    const cells = this.#cells;
    const { secrets } = source;
    cells.model.set(shownName(secrets, event.model));
    cells.responseId.set(name(event.responseId));
    cells.requestId.set(name(event.requestId));
    cells.usageGrain.set(event.grain);
    cells.responseCount.set(integer(event.responses));
    cells.inputTokens.set(integer(event.inputTokens));
    cells.outputTokens.set(integer(event.outputTokens));
    cells.cacheReadTokens.set(integer(event.cacheReadTokens));
    cells.cacheWrite5mTokens.set(integer(event.cacheWrite5mTokens));
    cells.cacheWrite1hTokens.set(integer(event.cacheWrite1hTokens));
    cells.reasoningTokens.set(integer(event.reasoningTokens));
    const cost = costUsdMicros(event, source.providers, event.ts);
    cells.costUsdMicros.set(cost);
    cells.priceSource.set(cost === null ? null : priceSource);
    cells.recordedCostUsdMicros.set(integer(event.recordedCostUsdMicros));
    cells.speed.set(shownName(secrets, event.speed));
  }

  #clusterOf(agent: AgentId, session: SessionId): number {
    if (session !== this.#bucketSession) {
      this.#bucketSession = session;
      this.#bucketHash = sessionBucketHash(agent, session);
    }
    return this.#bucketHash;
  }
}

type Cells = ReturnType<typeof cellsOf>;

function cellsOf(stage: EventStage) {
  const text = (column: string) => stage.text(column);
  const number = (column: string) => stage.number(column);
  return {
    eventId: text('event_id'),
    agent: text('agent'),
    sessionId: text('session_id'),
    threadId: text('thread_id'),
    parentSessionId: text('parent_session_id'),
    parentCallId: text('parent_call_id'),
    seq: number('seq'),
    user: text('user'),
    cwd: text('cwd'),
    project: text('project'),
    gitBranch: text('git_branch'),
    agentVersion: text('agent_version'),
    entrypoint: text('entrypoint'),
    sourceId: text('source_id'),
    sourceLine: number('source_line'),
    byteOffset: number('byte_offset'),
    ts: number('ts'),
    tsSource: text('ts_source'),
    kind: text('kind'),
    subtype: text('subtype'),
    recordType: text('record_type'),
    text: text('text'),
    textBytes: number('text_bytes'),
    callId: text('call_id'),
    toolName: text('tool_name'),
    toolKind: text('tool_kind'),
    command: text('command'),
    filePath: text('file_path'),
    input: text('input'),
    outcome: text('outcome'),
    exitCode: number('exit_code'),
    durationS: number('duration_s'),
    progressType: text('progress_type'),
    progressCounter: number('progress_counter'),
    elapsedS: number('elapsed_s'),
    totalLines: number('total_lines'),
    model: text('model'),
    speed: text('speed'),
    responseId: text('response_id'),
    requestId: text('request_id'),
    usageGrain: text('usage_grain'),
    responseCount: number('response_count'),
    inputTokens: number('input_tokens'),
    outputTokens: number('output_tokens'),
    cacheReadTokens: number('cache_read_tokens'),
    cacheWrite5mTokens: number('cache_write_5m_tokens'),
    cacheWrite1hTokens: number('cache_write_1h_tokens'),
    reasoningTokens: number('reasoning_tokens'),
    costUsdMicros: number('cost_usd_micros'),
    priceSource: text('price_source'),
    recordedCostUsdMicros: number('recorded_cost_usd_micros'),
    flags: text('flags'),
    copied: number('copied'),
    cluster: number('cluster'),
  };
}

function boundOf(event: AgentEvent): TextBound {
  return event.kind === 'tool_result' && event.outcome === 'ok' ? okResultBound : textBounds[event.kind];
}

/** Ids: hostile ones may be megabytes long. */
function name(value: string | null): string | null {
  return value === null ? null : wellFormed(boundText(value, nameBound)).text;
}

/** Names and paths, which people choose. */
function shownName(secrets: SourceSecrets, value: string | null): string | null {
  return value === null ? null : secrets.name(value, nameBound);
}

function shownInput(input: JsonObject, secrets: SourceSecrets): string {
  return boundedJson(input, (text, limit, field) => secrets.boundedField(field, text, limit));
}

/** Longer than anything ran: an instant that stands where a duration should, or noise. */
const LONGEST_S = 1e9;

function seconds(value: number | null): number | null {
  return value !== null && Math.abs(value) <= LONGEST_S ? value : null;
}

/** Counters beyond what the column holds, or with a fraction, are not counters. */
function integer(value: number | null): number | null {
  return value !== null && Number.isSafeInteger(value) ? value : null;
}

function int32(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && Math.abs(value) <= 2_147_483_647 ? value : null;
}

function flagText(flags: readonly EventFlag[], replaced: boolean): string | null {
  if (flags.length === 0) return replaced ? 'replaced_characters' : null;
  const all = new Set<EventFlag>(flags);
  if (replaced) all.add('replaced_characters');
  return [...all].sort().join(',');
}
