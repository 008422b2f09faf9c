import type { Row } from './cells.ts';

/** What the judge said of the window's sessions: how many, never who. */
export interface JudgeScores {
  /** Which judge and prompt; scores of several versions are not put together. */
  readonly versions: readonly JudgeVersion[];
}

interface JudgeVersion {
  readonly version: string;
  readonly judged: number;
  readonly eligible: number | null;
  readonly without_score: number;
  readonly errors: number;
  /** Sessions with score 1, 2, 3, 4, 5. */
  readonly distribution: readonly number[];
  readonly mean: number | null;
}

const SCORES = [1, 2, 3, 4, 5];

/** Reads the rows of the view `judge_summary`, one per version; null without any. */
export function judgeScores(rows: readonly Row[]): JudgeScores | null {
  return rows.length === 0 ? null : { versions: rows.map(versionOf) };
}

function versionOf(row: Row): JudgeVersion {
  const distribution = SCORES.map((score) => row.count(`score_${score}`));
  const scored = distribution.reduce((sum, sessions) => sum + sessions, 0);
  const total = distribution.reduce((sum, sessions, index) => sum + sessions * (index + 1), 0);
  return {
    version: row.text('version'),
    judged: row.count('judged'),
    eligible: row.amountOrNull('eligible'),
    without_score: row.count('null_scores'),
    errors: row.count('errors'),
    distribution,
    mean: scored === 0 ? null : total / scored,
  };
}
