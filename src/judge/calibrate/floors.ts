import type { Estimates, FigureName } from './statistics/measure.ts';

/** The least that a judge must reach before its scores are used; `most` where less is better. */
export interface Floor {
  readonly figure: FigureName;
  readonly least?: number;
  readonly most?: number;
}

export interface FloorResult extends Floor {
  /** Null: not defined for these answers. */
  readonly value: number | null;
  readonly reached: boolean;
}

const KAPPA_FLOOR = 0.6;

/** What a judge of our own has to reach: quadratic-weighted kappa (0.6 unless told), within one point, false positives. */
export function ownFloors(kappa = KAPPA_FLOOR): readonly Floor[] {
  return [
    { figure: 'quadratic_kappa', least: kappa },
    { figure: 'within_one', least: 0.85 },
    { figure: 'false_positives', most: 0.25 },
  ];
}

/** A figure that is not defined has reached no floor: nothing shows that the judge is fit. */
export function checkFloors(figures: Estimates, floors: readonly Floor[]): readonly FloorResult[] {
  return floors.map((floor) => {
    const { value } = figures[floor.figure];
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = floor;
    return { ...floor, value, reached: value !== null && value >= least && value <= most };
  });
}
