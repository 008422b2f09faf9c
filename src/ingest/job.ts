import type { SourceHint } from '../agents/agent.ts';
import type { Micros } from '../core/event.ts';
import type { AgentId, SourceId } from '../core/ids.ts';
import type { KnownSecret } from '../core/redact/known.ts';
import type { RawFile } from '../lake/archive.ts';
import type { QuarantinedSpan, ReadCounts } from '../read/records.ts';

/** One source to read, as plain values: it crosses into a worker thread. */
export interface SourceJob {
  readonly path: string;
  readonly agent: AgentId;
  readonly hint: SourceHint;
  readonly user: string;
  readonly generation: number;
  readonly cluster: number;
  /** What the archive holds already; 0 and null for a new source. */
  readonly archivedBytes: number;
  readonly contentSha256: string | null;
  /** Size when the source was planned: balances the work, decides nothing. */
  readonly expectedBytes: number;
  /**
   * `read`: new or changed on disk. `again`: derive the archived bytes again, from the file when it still begins with them,
   * else from the archive.
   */
  readonly mode: 'read' | 'again';
  /** Derive it even when nothing new is found: of a file that looks as it did, only its bytes can tell. */
  readonly rederive: boolean;
}

/** Event times to look for; both ends in microseconds, null is open. */
export interface TimeRange {
  readonly since: Micros | null;
  readonly until: Micros | null;
}

/** What secrets are replaced with, and by. */
export interface Redaction {
  /** The store's own key. */
  readonly key: Uint8Array;
  /** Secrets of the machine's own, which no rule knows. */
  readonly known: readonly KnownSecret[];
}

export interface BatchJob {
  readonly index: number;
  readonly jobs: readonly SourceJob[];
  /** Bytes that one file of the archive holds before compression; a larger source has several. */
  readonly archiveBytes: number;
  /** The run's folder in the store's tmp; a scan writes nothing and needs none. */
  readonly directory: string;
  /** Parquet files of `raw`, for sources that are no longer on disk. */
  readonly rawFiles: readonly string[];
  readonly now: Micros;
  /** `scan`: only look for event times, keep nothing. */
  readonly purpose: 'import' | 'scan';
  readonly redaction: Redaction;
  readonly range: TimeRange;
}

export interface ReadOutcome {
  readonly status: 'read';
  readonly job: SourceJob;
  readonly change: 'new' | 'grown' | 'same' | 'replaced' | 'again';
  readonly sourceId: SourceId;
  readonly generation: number;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly deviceInode: string;
  readonly archivedBytes: number;
  readonly newBytes: number;
  readonly pendingBytes: number;
  readonly contentSha256: string;
  readonly derived: Derived | null;
}

/** What the records of one source became. */
export interface Derived {
  readonly counts: ReadCounts;
  readonly quarantine: readonly QuarantinedSpan[];
  readonly events: number;
  readonly unknown: ReadonlyMap<string, number>;
  readonly sessionId: string | null;
  readonly project: string | null;
  readonly firstTs: Micros | null;
  readonly lastTs: Micros | null;
  /** Some event has its own time inside the batch's range. */
  readonly activeInRange: boolean;
}

export interface UnreadableOutcome {
  readonly status: 'unreadable';
  readonly job: SourceJob;
  readonly reason: string;
}

export type SourceOutcome = ReadOutcome | UnreadableOutcome;

export interface BatchResult {
  readonly index: number;
  readonly outcomes: readonly SourceOutcome[];
  readonly stageFile: string | null;
  readonly rawFiles: readonly RawFile[];
}
