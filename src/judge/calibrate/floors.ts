import type { OwnFigureName } from './own-figures.ts';
import type { Estimate } from './statistics/measure.ts';

/** The least that a judge must reach before its scores are used; `most` where less is better. */
export interface Floor {
  readonly figure: OwnFigureName;
  readonly least?: number;
  readonly most?: number;
  /** Not measured by labels alone: where it was not, nothing is held against the judge. */
  readonly isOptional?: true;
}

export interface FloorResult extends Floor {
  /** Null: not defined for these answers. */
  readonly value: number | null;
  readonly reached: boolean;
}

/** How the labels of people are spread over the same sessions. */
export interface PeoplesSpread {
  readonly sd: number | null;
  readonly modalShare: number | null;
}

const KAPPA_FLOOR = 0.6;
const LEAST_SD = 0.9;
const MOST_MODAL_SHARE = 0.45;

/**
 * What a judge of our own has to reach (judge.md 2.7): quadratic-weighted kappa (0.6 unless told), within one point, false positives,
 * scores that differ, quotes that are there, the same score for the same question.
 */
export function ownFloors(people: PeoplesSpread, kappa = KAPPA_FLOOR): readonly Floor[] {
  return [
    { figure: 'quadratic_kappa', least: kappa },
    { figure: 'within_one', least: 0.85 },
    { figure: 'false_positives', most: 0.25 },
    // No judge is asked to tell sessions further apart than people do.
    { figure: 'score_sd', least: Math.min(LEAST_SD, people.sd ?? LEAST_SD) },
    { figure: 'modal_share', most: Math.max(MOST_MODAL_SHARE, people.modalShare ?? 0) },
    { figure: 'quotes_verified', least: 0.98, isOptional: true },
    { figure: 'repeated', least: 0.8, isOptional: true },
  ];
}

/** A figure that is not defined has reached no floor: nothing shows that the judge is fit. */
export function checkFloors(
  figures: Readonly<Partial<Record<OwnFigureName, Estimate>>>,
  floors: readonly Floor[],
): readonly FloorResult[] {
  return floors.map((floor) => {
    const value = figures[floor.figure]?.value ?? null;
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = floor;
    const reached = value === null ? floor.isOptional === true : value >= least && value <= most;
    return { ...floor, value, reached };
  });
}
