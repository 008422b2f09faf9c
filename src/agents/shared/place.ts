import type { Micros } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import type { Flags } from './fields.ts';

/** What all events of one record have in common, for the agents that write times of their own. */
export interface Place {
  /** The record's identity; an event's key adds its block. */
  readonly key: string;
  readonly copied: boolean;
  readonly sessionId: SessionId;
  readonly parentSessionId: SessionId | null;
  readonly threadId: string;
  readonly parentCallId: string | null;
  readonly line: number;
  readonly offset: number;
  readonly ts: Micros | null;
  readonly tsSource: 'event' | 'neighbour' | null;
  readonly cwd: string | null;
  readonly gitBranch: string | null;
  readonly agentVersion: string | null;
  readonly entrypoint: string | null;
  readonly recordType: string;
  readonly flags: Flags;
}
