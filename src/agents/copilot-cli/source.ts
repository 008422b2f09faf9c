import type { Micros, Outcome, ToolCallFields, ToolKind } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import { Occurrences } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';
import { newUsageBook, type UsageBook } from './usage-book.ts';

/** What is remembered while one source is read: ids, numbers, and the input of calls that were not told yet. */
export interface Source {
  readonly sessionId: SessionId;
  /** The first time in the source: for records before it that have none. */
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  cwd: string | null;
  gitBranch: string | null;
  agentVersion: string | null;
  entrypoint: string | null;
  /** The model that the session is set to; null while it is chosen automatically. */
  model: string | null;
  readonly occurrences: Occurrences;
  readonly calls: Map<string, Call>;
  /** The call that a permission request is about. */
  readonly callOfRequest: Map<string, string>;
  readonly callOfThread: Map<string, string>;
  readonly threadOfCall: Map<string, string>;
  readonly interactions: { readonly main: Set<string>; readonly subAgents: Set<string> };
  /** When hooks, turns and compactions began. */
  readonly begun: Map<string, { readonly ts: Micros; readonly callId: string | null }>;
  /** Digests of thoughts, and where each was written. */
  readonly thoughts: Map<string, ThoughtPlace>;
  readonly usage: UsageBook;
}

/** A record of its own, or the message that the thought led to. */
export type ThoughtPlace = 'record' | 'message';

/** A tool call between the record that mentions it first and its result. */
export interface Call {
  readonly callId: string;
  /** The key of the record that mentions it first: the same in every copy of the session. */
  readonly firstKey: string;
  /** That key with the call's id, for its result. */
  readonly key: string;
  readonly byPerson: boolean;
  toolName: string | null;
  toolKind: ToolKind | null;
  /** The call as its request has it, while nothing usable was said about its input. */
  waiting: { readonly place: Place; readonly fields: ToolCallFields } | null;
  told: boolean;
  startedTs: Micros | null;
  /** When it was allowed or refused. */
  decidedTs: Micros | null;
  refusal: Refusal | null;
  ended: boolean;
}

/** A call that was not allowed. */
interface Refusal {
  readonly place: Place;
  readonly outcome: Outcome;
  readonly text: string;
  /** What the person wrote when refusing. */
  readonly feedback: string | null;
}

export function openSource(sessionId: SessionId, firstTs: Micros | null): Source {
  return {
    sessionId,
    firstTs,
    lastTs: null,
    cwd: null,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    model: null,
    occurrences: new Occurrences(),
    calls: new Map(),
    callOfRequest: new Map(),
    callOfThread: new Map(),
    threadOfCall: new Map(),
    interactions: { main: new Set(), subAgents: new Set() },
    begun: new Map(),
    thoughts: new Map(),
    usage: newUsageBook(),
  };
}
