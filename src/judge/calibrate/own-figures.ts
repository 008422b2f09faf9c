import type { Estimate, FigureName } from './statistics/measure.ts';
import type { VerdictRow } from './verdicts.ts';

/** Figures that need no labels, only verdicts of our own; they have no interval. */
export const ownFigureNames = ['quotes_verified', 'repeated'] as const;

export type OwnFigureName = FigureName | (typeof ownFigureNames)[number];

export type OwnFigures = Readonly<Record<(typeof ownFigureNames)[number], Estimate>>;

/** So often a session is asked about to see whether the answer stays the same (judge.md 2.7). */
const ASKED = 5;

/** How many of a judge's quotes stand where it says, and how many sessions get one score however often they are asked about. */
export function ownFigures(verdicts: readonly VerdictRow[]): OwnFigures {
  const sum = (count: (verdict: VerdictRow) => number): number =>
    verdicts.reduce((total, verdict) => total + count(verdict), 0);
  const often = verdicts.filter(({ samples }) => samples.asked >= ASKED);
  return {
    quotes_verified: share(
      sum(({ quotes }) => quotes.verified),
      sum(({ quotes }) => quotes.all),
    ),
    repeated: share(often.filter(({ samples }) => samples.areEqual).length, often.length),
  };
}

function share(some: number, all: number): Estimate {
  return { value: all === 0 ? null : some / all, interval: null };
}
