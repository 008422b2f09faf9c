import type { Json } from '../core/json.ts';
import type { ViewSettings } from '../views/lake.ts';

/** What the child process is asked. */
export interface SqlRequest {
  readonly storeDir: string;
  readonly settings: ViewSettings;
  readonly statement: string;
  /** At most this many rows come back. */
  readonly rows: number;
  /** At most this many characters of values come back. */
  readonly characters: number;
  readonly memoryBytes: number;
}

/** What the child process answers: that the statement itself begins, then what came of it. */
export type SqlAnswer = { readonly begun: true } | SqlOutcome;

export type SqlOutcome = { readonly result: SqlResult } | { readonly refusal: SqlRefusal };

export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
  /** There were more rows than these. */
  readonly cut: boolean;
}

interface SqlRefusal {
  readonly message: string;
  readonly hint: string | null;
}
