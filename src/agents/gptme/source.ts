import type { Micros } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import { Occurrences } from '../shared/keys.ts';

/** A call whose result has not come yet. */
export interface OpenCall {
  readonly callId: string;
  readonly toolName: string;
  /** Seconds that gptme itself measured for this call, where it did. */
  readonly durationS: number | null;
}

/** What is remembered while one file is read. */
export interface Source {
  readonly sessionId: SessionId;
  readonly zone: string;
  /** The file is a branch, so that its messages lose against those of the main file. */
  readonly replay: boolean;
  /** The file is a view: nothing in it is counted. */
  readonly view: boolean;
  /** The conversation of a sub-agent, whose user is another model. */
  readonly subagent: boolean;
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  cwd: string | null;
  /** A user or the agent has spoken: system messages before that are the initial prompt. */
  begun: boolean;
  /** Calls of the last answer, in order, that no result has been found for. */
  open: OpenCall[];
  /** By the id that the model wrote: the call that had it last, and whether its result has been seen. */
  readonly calls: Map<string, { readonly call: OpenCall; answered: boolean }>;
  /** The conversation has used `@tool(id): {...}`, so that its code blocks are prose. */
  toolFormat: boolean;
  /** The last answer itself says that it was interrupted. */
  cut: boolean;
  /** The last message was a slash command. */
  afterCommand: boolean;
  readonly occurrences: Occurrences;
}

interface Known {
  readonly sessionId: SessionId;
  readonly zone: string;
  readonly replay: boolean;
  readonly view: boolean;
  readonly firstTs: Micros | null;
}

export function openSource(known: Known): Source {
  return {
    ...known,
    subagent: known.sessionId.startsWith('subagent-'),
    lastTs: null,
    cwd: null,
    begun: false,
    open: [],
    calls: new Map(),
    toolFormat: false,
    cut: false,
    afterCommand: false,
    occurrences: new Occurrences(),
  };
}
