import type { Micros } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import { newQueue, type PromptQueue } from './queue.ts';
import { newSummaries, type Summaries } from './summaries.ts';
import type { Responses } from './usage.ts';

/** What is remembered while one source is read: ids and numbers, and texts only of prompts that wait. */
export interface Source {
  readonly sessionId: SessionId;
  /** The sub-agent whose file this is; null for a session's own file. */
  readonly fileThread: string | null;
  readonly replay: boolean;
  /** The first time in the source: for records before it that have none. */
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  readonly uuids: Set<string>;
  readonly occurrences: Map<string, number>;
  /** Inline sub-agents of versions 1.x: the thread of each of their lines. */
  readonly inlineThreads: Map<string, string>;
  readonly callOfPrompt: Map<string, string>;
  readonly callOfThread: Map<string, string>;
  /** The shell call that a chain of progress lines hangs on, by the uuid of each link. */
  readonly shellCalls: Map<string, string>;
  promptSeen: boolean;
  readonly queue: PromptQueue;
  readonly summaries: Summaries;
  readonly responses: Responses;
}

type Opening = Pick<Source, 'sessionId' | 'fileThread' | 'replay' | 'firstTs'>;

export function openSource({ sessionId, fileThread, replay, firstTs }: Opening): Source {
  return {
    sessionId,
    fileThread,
    replay,
    firstTs,
    lastTs: null,
    uuids: new Set(),
    occurrences: new Map(),
    inlineThreads: new Map(),
    callOfPrompt: new Map(),
    callOfThread: new Map(),
    shellCalls: new Map(),
    promptSeen: false,
    queue: newQueue(),
    summaries: newSummaries(),
    responses: new Map(),
  };
}
