import type { FloorResult } from './floors.ts';
import type { OwnFigureName } from './own-figures.ts';
import type { Estimate } from './statistics/measure.ts';

/** What people call a figure. */
export const figureTitles: Readonly<Record<OwnFigureName, string>> = {
  accuracy: 'exact agreement',
  kappa: "Cohen's kappa",
  quadratic_kappa: 'quadratic-weighted kappa',
  within_one: 'within one point',
  bias: 'bias (judge minus people)',
  alpha_nominal: "Krippendorff's alpha, nominal",
  alpha_ordinal: "Krippendorff's alpha, ordinal",
  false_positives: 'false positives',
  precision: 'precision',
  recall: 'recall',
  score_sd: "standard deviation of the judge's scores",
  modal_share: 'share of its most frequent score',
  quotes_verified: 'quotes that are there',
  repeated: 'one score when asked 5 times',
};

/** `0.594`, with its sign where it may be a shift; `-` is not defined. */
export function figureText(name: OwnFigureName, value: number | null): string {
  if (value === null) return '-';
  // A shift that rounds to nothing has no direction.
  const rounded = (Math.abs(value) < 0.0005 ? 0 : value).toFixed(3);
  return name === 'bias' && value >= 0.0005 ? `+${rounded}` : rounded;
}

export function intervalText(name: OwnFigureName, { interval }: Estimate): string {
  return interval === null ? '-' : `${figureText(name, interval.low)} to ${figureText(name, interval.high)}`;
}

/** `quadratic-weighted kappa 0.512, expected at least 0.600`. */
export function floorText({ figure, least, most, value }: FloorResult): string {
  const limit = least === undefined ? `at most ${figureText(figure, most ?? null)}` : `at least ${least.toFixed(3)}`;
  const found = value === null ? 'not defined for these answers' : figureText(figure, value);
  return `${figureTitles[figure]} ${found}, expected ${limit}`;
}
