import type { Micros, ToolResultFields } from '../../core/event.ts';
import { Occurrences } from '../shared/keys.ts';
import { newCompactions, type Compactions } from './compaction.ts';
import type { Owned } from './lineage.ts';
import { newMeter, type Meter } from './meter.ts';
import type { Script } from './script.ts';

/** How a call ended. */
export type ResultFields = Omit<ToolResultFields, 'callId'>;

/** A call whose command went on when it was answered: what it printed last, and where that was seen. */
interface Unfinished {
  readonly owned: Owned;
  readonly text: string;
  readonly fields: ResultFields;
}

/** A command that goes on after its call was answered. */
export interface Running {
  readonly callId: string;
  readonly command: string | null;
  /** Null where the file has no times. */
  readonly begunUs: Micros | null;
  /** When it was last seen to run. */
  readonly seenUs: Micros | null;
  /** The agent typed Ctrl-C into it. */
  readonly isStopped: boolean;
}

/** What is remembered while one source is read: ids and numbers, no texts but of scripts that print before they end. */
export interface Source {
  readonly occurrences: Occurrences;
  /** The first time in the source: for entries before it that have none. */
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  cwd: string | null;
  model: string | null;
  readonly meter: Meter;
  readonly compactions: Compactions;
  /** Call ids whose call was read, with the kind of their tool. */
  readonly calls: Map<string, OpenCall>;
  /** Call ids whose result is told. */
  readonly answered: Set<string>;
  /** Unified exec: commands by the id of their terminal session. */
  readonly running: Map<string, Running>;
  /** Calls whose command goes on wait for its end. */
  readonly unfinished: Map<string, Unfinished>;
  /** Code mode: scripts whose output has not come. */
  readonly scripts: Map<string, Script>;
  /** The last error of the client, which the end of the turn says again. */
  lastError: string | null;
}

export interface OpenCall {
  readonly isShell: boolean;
  readonly command: string | null;
  /** The terminal session that a call looks at or types into. */
  readonly terminal: string | null;
}

export function openSource(firstTs: Micros | null): Source {
  return {
    occurrences: new Occurrences(),
    firstTs,
    lastTs: null,
    cwd: null,
    model: null,
    meter: newMeter(),
    compactions: newCompactions(),
    calls: new Map(),
    answered: new Set(),
    running: new Map(),
    unfinished: new Map(),
    scripts: new Map(),
    lastError: null,
  };
}
