import type { AgentEvent } from '../core/event.ts';
import type { AgentId } from '../core/ids.ts';
import type { SourceRecord } from '../core/record.ts';

/** What the path alone tells about a source. */
export interface SourceHint {
  /** The session id in the path, or null when only the records can tell. */
  readonly sessionId: string | null;
  /** `main`, a sub-agent's id, or null when only the records can tell. */
  readonly threadId: string | null;
  /** The file repeats messages of another file of the session (formats.md 1.1: `acompact`, `aside_question`). */
  readonly replay: boolean;
  /** The person whose session it is, where the path of a collected tree names one. */
  readonly user: string | null;
}

/** Places where an agent keeps its sessions on this machine. */
export interface AgentRoot {
  readonly path: string;
  /** Where the path comes from, for `sesh doctor`: `default`, or the variable's name. */
  readonly origin: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** The contract of one agent: where its files lie, how to tell them, and how records become events. */
export interface Agent {
  readonly id: AgentId;
  readonly title: string;
  /** Price lists to ask for this agent's models, best first (ids of genai-prices). */
  readonly providers: readonly string[];
  /** Environment first, home second; a variable that is set but points nowhere means no data, never the default. */
  readonly roots: (surroundings: Surroundings) => readonly AgentRoot[];
  /** `path` has `/` separators and is relative to the root that is walked. Null: not this agent's, as far as the path tells. */
  readonly recognise: (path: string) => SourceHint | null;
  /** What can be made of the path of a file that was recognised by its records. */
  readonly hintFor: (path: string) => SourceHint;
  /** The first records of a file whose path says nothing: are they this agent's? */
  readonly recogniseRecords: (records: readonly SourceRecord[]) => boolean;
  /** Records in, events out: no clock, no disk, no memory between two sources. */
  readonly adapt: (records: Iterable<SourceRecord>, hint: SourceHint) => Iterable<AgentEvent>;
}
