import type { Score } from '../contract.ts';

/** What the judge said about one session, as far as measuring it needs to know. */
export interface VerdictRow {
  readonly agent: string;
  readonly sessionId: string;
  /** Null: the judge cannot tell, or its evidence did not hold. */
  readonly score: Score | null;
  /** Model, prompt and renderer together: figures of two versions are never mixed. */
  readonly judgeVersion: string;
  /** ISO instant; decides which version is the newest. */
  readonly judgedAt: string;
  /** Length of the session in tool calls; null when the store does not tell. */
  readonly toolCalls: number | null;
  /** In all its samples. */
  readonly quotes: { readonly all: number; readonly verified: number };
  /** How often this judge was asked about it, and whether it gave the same score each time, or none each time. */
  readonly samples: { readonly asked: number; readonly areEqual: boolean };
}

/** Where current verdicts come from, one a session. */
export type VerdictRows = () => Promise<readonly VerdictRow[]>;
