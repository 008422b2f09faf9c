import type { Window } from '../core/window.ts';

export interface SyncOptions {
  readonly storeDir: string;
  /** Trees to read in place of the agents' own places; empty: those. */
  readonly roots: readonly string[];
  /** Ids of agents; empty: all. */
  readonly agents: readonly string[];
  readonly window: Window;
  readonly dryRun: boolean;
  readonly full: boolean;
  /** Looks at the bytes of files whose size and time did not change, too: a rewrite that keeps both shows only there. */
  readonly recheck?: boolean;
  /** Texts of files whose values are secrets wherever they stand. */
  readonly secretTexts?: readonly string[];
  readonly memoryBytes: number;
}

/** Hears how far a run has come, for a progress bar. */
export interface ProgressSink {
  readonly stage: (name: string) => void;
  /** What lies before the run. */
  readonly total: (files: number, bytes: number) => void;
  /** What was done since the last call. */
  readonly advance: (files: number, bytes: number) => void;
}

export interface SyncEffects {
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly progress: ProgressSink;
}

/** What a sync did; every figure is a count unless its name says otherwise. */
export interface SyncSummary {
  readonly files: {
    readonly seen: number;
    readonly new: number;
    readonly grown: number;
    readonly unchanged: number;
    readonly replaced: number;
    readonly gone: number;
    readonly unreadable: number;
    readonly outside_window: number;
  };
  /** Bytes. */
  readonly bytes: { readonly read: number; readonly archived: number; readonly pending: number };
  readonly lines: {
    readonly total: number;
    readonly records: number;
    readonly salvaged: number;
    readonly quarantined: number;
    readonly blank: number;
  };
  readonly events: { readonly derived: number; readonly kept: number; readonly duplicates: number };
  readonly unknown: readonly UnknownRecords[];
  /** Agents of which this run understood too little: their format may have changed. */
  readonly misunderstood: readonly Misunderstood[];
  /** Spans that could not be read, the first of them only; `sesh sql "from quarantined"` lists all. */
  readonly set_aside: readonly SetAside[];
  /** Sessions with events that were kept; one that only repeats another is none. */
  readonly sessions: number;
  /** Broken conservation sums and the like: each a sentence. */
  readonly problems: readonly string[];
  /** What a person should know though nothing is wrong with the data, such as a store that others can read. */
  readonly warnings: readonly string[];
  readonly skipped: readonly SkippedFile[];
  readonly took_s: number;
  readonly dry_run: boolean;
  readonly store: string;
}

export interface UnknownRecords {
  readonly agent: string;
  readonly record_type: string;
  readonly events: number;
}

export interface Misunderstood {
  readonly agent: string;
  readonly events: number;
  readonly unknown: number;
}

export interface SetAside {
  readonly path: string;
  readonly line: number;
  readonly byte: number;
  readonly length_bytes: number;
  readonly reason: string;
}

interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}
