import type { Scale } from './scale.ts';

/** What a person and a judge said about the same item, each as a place in the scale's labels. */
export interface Rating {
  /** What is drawn as one: items of one unit, such as the steps of one session, do not vary independently. */
  readonly unit: string;
  readonly human: number;
  readonly judge: number;
}

/** How often each pair of answers was given: one row for each label of the person, one column for each of the judge. */
export interface Confusion {
  readonly size: number;
  /** Row after row. */
  readonly counts: ArrayLike<number>;
}

/** A figure of a confusion matrix; null where it is not defined. */
export type Figure = (confusion: Confusion) => number | null;

export function confusionOf(ratings: readonly Rating[], { labels: { length: size } }: Scale): Confusion {
  const counts = Array.from({ length: size * size }, () => 0);
  for (const { human, judge } of ratings) {
    const cell = cellOf(human, judge, size);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return { size, counts };
}

export function cellOf(human: number, judge: number, size: number): number {
  return human * size + judge;
}

function countAt({ size, counts }: Confusion, human: number, judge: number): number {
  return counts[cellOf(human, judge, size)] ?? 0;
}

export function matrixRows(confusion: Confusion): readonly (readonly number[])[] {
  const places = placesOf(confusion);
  return places.map((human) => places.map((judge) => countAt(confusion, human, judge)));
}

function placesOf({ size }: Confusion): readonly number[] {
  return [...Array(size).keys()];
}

/** How often the person gave each label, and how often the judge did. */
export function marginsOf(confusion: Confusion): {
  readonly human: readonly number[];
  readonly judge: readonly number[];
} {
  const places = placesOf(confusion);
  const sum = (count: (other: number) => number): number => places.reduce((total, other) => total + count(other), 0);
  return {
    human: places.map((place) => sum((other) => countAt(confusion, place, other))),
    judge: places.map((place) => sum((other) => countAt(confusion, other, place))),
  };
}

/** The sum of all cells, each times its weight. */
export function weightedSum(confusion: Confusion, weight: (human: number, judge: number) => number): number {
  const { size, counts } = confusion;
  let sum = 0;
  for (let human = 0; human < size; human += 1) {
    for (let judge = 0; judge < size; judge += 1) {
      sum += (counts[cellOf(human, judge, size)] ?? 0) * weight(human, judge);
    }
  }
  return sum;
}

export function itemsOf(confusion: Confusion): number {
  return weightedSum(confusion, () => 1);
}

/** The weighted share of all items; null of none. */
export function shareOf(confusion: Confusion, weight: (human: number, judge: number) => number): number | null {
  const items = itemsOf(confusion);
  return items === 0 ? null : weightedSum(confusion, weight) / items;
}
