import { itemsOf, marginsOf, shareOf, weightedSum, type Confusion, type Figure } from './confusion.ts';

/** Share of items with exactly the same label. */
export const accuracy: Figure = (confusion) => shareOf(confusion, same);

/** Share of items whose labels lie at most one point apart. */
export function withinOne(values: readonly number[]): Figure {
  return (confusion) =>
    shareOf(confusion, (human, judge) => (Math.abs(valueAt(values, human) - valueAt(values, judge)) <= 1 ? 1 : 0));
}

/** Mean of the judge minus mean of the person: above zero the judge is the kinder one. */
export function bias(values: readonly number[]): Figure {
  return (confusion) => shareOf(confusion, (human, judge) => valueAt(values, judge) - valueAt(values, human));
}

/** Cohen's kappa (1960): agreement beyond that of two raters who only keep their own habits; null when both use one label. */
export const nominalKappa: Figure = (confusion) =>
  weightedKappa(confusion, (human, judge) => (human === judge ? 0 : 1));

/** Cohen's weighted kappa (1968) with squared distances of the values as weights; their scale cancels out. */
export function quadraticKappa(values: readonly number[]): Figure {
  return (confusion) =>
    weightedKappa(confusion, (human, judge) => (valueAt(values, human) - valueAt(values, judge)) ** 2);
}

/** 1 minus observed over expected disagreement, without a division before the last one so that whole counts stay exact. */
function weightedKappa(confusion: Confusion, weight: (human: number, judge: number) => number): number | null {
  const margins = marginsOf(confusion);
  const chance = { size: confusion.size, counts: margins.human.flatMap((h) => margins.judge.map((j) => h * j)) };
  const expected = weightedSum(chance, weight);
  return expected === 0 ? null : 1 - (itemsOf(confusion) * weightedSum(confusion, weight)) / expected;
}

function same(human: number, judge: number): number {
  return human === judge ? 1 : 0;
}

function valueAt(values: readonly number[], place: number): number {
  return values[place] ?? Number.NaN;
}
