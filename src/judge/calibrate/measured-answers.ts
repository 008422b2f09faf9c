import type { JudgesAnswers } from './answers-file.ts';
import { checkFloors, type Floor, type FloorResult } from './floors.ts';
import { positiveLabels } from './positive.ts';
import type { Bootstrap } from './statistics/bootstrap.ts';
import { confusionOf, matrixRows } from './statistics/confusion.ts';
import { measure, type Estimates } from './statistics/measure.ts';

/** One judge of a file of answers, against the people of the file. */
export interface MeasuredJudge {
  readonly judge: string;
  /** Items that both have labelled. */
  readonly items: number;
  readonly missing: number;
  readonly confusion: readonly (readonly number[])[];
  readonly figures: Estimates;
  readonly floors: readonly FloorResult[];
}

interface MeasureAnswersOptions {
  /** From which label on an answer is a success; undefined: what is usual for such labels. */
  readonly positive: string | undefined;
  readonly bootstrap: Bootstrap;
  readonly floors: readonly Floor[];
}

/** All judges of a file, the one with the highest kappa first. */
export function measureAnswers(
  { scale, judges }: JudgesAnswers,
  { positive, bootstrap, floors }: MeasureAnswersOptions,
): readonly MeasuredJudge[] {
  const options = { scale, positive: positiveLabels(scale, positive), bootstrap };
  return judges
    .map(({ judge, ratings, missing }) => {
      const figures = measure(ratings, options);
      const confusion = matrixRows(confusionOf(ratings, scale));
      return { judge, items: ratings.length, missing, confusion, figures, floors: checkFloors(figures, floors) };
    })
    .toSorted(betterFirst);
}

/** A judge whose kappa is not defined comes last. */
function betterFirst(a: MeasuredJudge, b: MeasuredJudge): number {
  const [one, other] = [a.figures.kappa.value, b.figures.kappa.value];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return other - one;
}
