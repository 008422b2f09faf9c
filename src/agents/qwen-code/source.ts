import type { Micros } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import { Occurrences } from '../shared/keys.ts';
import { Calls } from './calls.ts';

/** What is remembered while one source is read. */
export interface Source {
  readonly sessionId: SessionId;
  /** The sub-agent whose file this is; null for a session's own file. */
  readonly fileThread: string | null;
  /** The first time in the source: for records before it that have none. */
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  parentSessionId: SessionId | null;
  cwd: string | null;
  gitBranch: string | null;
  agentVersion: string | null;
  entrypoint: string | null;
  title: string | null;
  /** The session that lines were copied from, once it was told. */
  origin: string | null;
  /** A slash command whose text the model gets: the next line of role user is that text. */
  openCommand: string | null;
  /** The times of all lines of a message, by its uuid. */
  readonly pieces: Map<string, string[]>;
  readonly occurrences: Occurrences;
  readonly calls: Calls;
}

export function openSource(known: Pick<Source, 'sessionId' | 'fileThread' | 'firstTs'>): Source {
  return {
    ...known,
    lastTs: null,
    parentSessionId: null,
    cwd: null,
    gitBranch: null,
    agentVersion: null,
    entrypoint: null,
    title: null,
    origin: null,
    openCommand: null,
    pieces: new Map(),
    occurrences: new Occurrences(),
    calls: new Calls(),
  };
}
