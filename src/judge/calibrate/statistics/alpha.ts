import { cellOf, marginsOf, weightedSum, type Confusion, type Figure } from './confusion.ts';

/** The answers to one item, each as a place in the scale's labels; null is no answer. */
type Unit = readonly (number | null)[];

type Metric = 'nominal' | 'ordinal';

/**
 * Krippendorff's alpha (Computing Krippendorff's Alpha-Reliability, 2011) for any number of raters and missing answers; null
 * when nothing can be compared or all answers are the same. The order of units and raters changes no digit of it.
 */
export function krippendorffAlpha(units: readonly Unit[], size: number, metric: Metric): number | null {
  return alphaOf(coincidencesOf(units, size), metric);
}

/** Alpha of a person and a judge who answered every item. */
export function pairedAlpha(metric: Metric): Figure {
  return ({ size, counts }) => {
    const places = [...Array(size).keys()];
    const both = (one: number, other: number): number =>
      (counts[cellOf(one, other, size)] ?? 0) + (counts[cellOf(other, one, size)] ?? 0);
    return alphaOf({ size, counts: places.flatMap((one) => places.map((other) => both(one, other))) }, metric);
  };
}

/** Ordered pairs of answers to the same item; an item with m answers gives each of its pairs the weight 1 / (m - 1). */
function coincidencesOf(units: readonly Unit[], size: number): Confusion {
  // Whole numbers by m, divided at the very end: sums of fractions would depend on the order of the units.
  const pairs = new Map<number, number[]>();
  for (const unit of units) {
    const answers = unit.filter((answer) => answer !== null);
    if (answers.length > 1) countPairs(answers, tallyFor(pairs, answers.length, size), size);
  }
  const tallies = [...pairs].toSorted(([a], [b]) => a - b);
  const counts = Array.from({ length: size * size }, (_, cell) =>
    tallies.reduce((sum, [answers, tally]) => sum + (tally[cell] ?? 0) / (answers - 1), 0),
  );
  return { size, counts };
}

function tallyFor(pairs: Map<number, number[]>, answers: number, size: number): number[] {
  const tally = pairs.get(answers) ?? Array.from({ length: size * size }, () => 0);
  pairs.set(answers, tally);
  return tally;
}

function countPairs(answers: readonly number[], tally: number[], size: number): void {
  for (const [rater, one] of answers.entries()) {
    for (const [otherRater, other] of answers.entries()) {
      const cell = cellOf(one, other, size);
      if (rater !== otherRater) tally[cell] = (tally[cell] ?? 0) + 1;
    }
  }
}

function alphaOf(coincidences: Confusion, metric: Metric): number | null {
  const { human: totals } = marginsOf(coincidences);
  const all = totals.reduce((sum, total) => sum + total, 0);
  const distance = metric === 'nominal' ? nominalDistance : ordinalDistance(totals);
  const chance = { size: totals.length, counts: totals.flatMap((one) => totals.map((other) => one * other)) };
  const expected = weightedSum(chance, distance);
  return expected === 0 ? null : 1 - ((all - 1) * weightedSum(coincidences, distance)) / expected;
}

function nominalDistance(one: number, other: number): number {
  return one === other ? 0 : 1;
}

/** Squared number of answers that lie between two labels, each end counted by half. */
function ordinalDistance(totals: readonly number[]): (one: number, other: number) => number {
  return (one, other) => {
    const between = totals.slice(Math.min(one, other), Math.max(one, other) + 1);
    const ends = ((totals[one] ?? 0) + (totals[other] ?? 0)) / 2;
    return (between.reduce((sum, total) => sum + total, 0) - ends) ** 2;
  };
}
