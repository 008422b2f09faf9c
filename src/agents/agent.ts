import type { AgentEvent } from '../core/event.ts';
import type { AgentId } from '../core/ids.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Capabilities } from './capabilities.ts';
import type { Collection } from './collection.ts';

/**
 * How the bytes of a source become records. `lines`: one JSON object a line. `document`: the whole file is one JSON value, one
 * record. `text`: the whole file is the field `text` of one record. A name that ends in `.gz` or `.zst` is unpacked first.
 */
export type SourceForm = 'lines' | 'document' | 'text';

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
  readonly form: SourceForm;
  /** The session of a collection that this source is; null for a file that is a source by itself. */
  readonly member: string | null;
  /** IANA zone for times without an offset; null unless the agent writes such times (`localTimes`). Set when a file is found. */
  readonly zone: string | null;
}

/** A hint that says only what is given. */
export function hintOf(known: Partial<SourceHint>): SourceHint {
  return {
    sessionId: null,
    threadId: null,
    replay: false,
    user: null,
    form: 'lines',
    member: null,
    zone: null,
    ...known,
  };
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

/** Records in, events out: no clock, no disk, no memory between two sources. */
export type Adapter = (records: Iterable<SourceRecord>, hint: SourceHint) => Iterable<AgentEvent>;

export interface Glance {
  /** Every time of an event stands under this key of a record; other times may do so, too. */
  readonly timeKey: string;
  /** Where the session is named: that of the path is the first event's, always or when the first line names it as well. */
  readonly session: 'path' | 'path and first line';
}

/** The contract of one agent: where its files lie, how to tell them, and how records become events. */
export interface Agent {
  readonly id: AgentId;
  readonly title: string;
  /** Price lists to ask for this agent's models, best first (ids of genai-prices). */
  readonly providers: readonly string[];
  /** What this agent's transcripts can tell. */
  readonly capabilities: Capabilities;
  /** It writes times without an offset: they are read in the machine's zone and flagged. */
  readonly localTimes: boolean;
  /** What can be seen of a source without reading its records, so that most of what a window leaves out is not read; absent: nothing. */
  readonly glance?: Glance;
  /** Environment first, home second; a variable that is set but points nowhere means no data, never the default. */
  readonly roots: (surroundings: Surroundings) => readonly AgentRoot[];
  /** `path` has `/` separators and is relative to the root that is walked. Null: not this agent's, as far as the path tells. */
  readonly recognise: (path: string) => SourceHint | null;
  /** Files of this agent that say again what others say, or are none of a person's: never read, whatever is in them. */
  readonly ignores?: (path: string) => boolean;
  /** What can be made of the path of a file that was recognised by its records. */
  readonly hintFor: (path: string) => SourceHint;
  /** The first records of a file whose path says nothing, or the one record of a document: are they this agent's? */
  readonly recogniseRecords: (records: readonly SourceRecord[]) => boolean;
  /** Databases and folders that hold many sessions; empty for most agents. */
  readonly collections: readonly Collection[];
  /** Loaded only where something is read: most runs only look whether there is anything new. */
  readonly loadAdapter: () => Promise<Adapter>;
}
