import { marginsOf, type Confusion, type Figure } from './confusion.ts';

type Rater = 'human' | 'judge';

/** Standard deviation of the labels that one of the two gave (n - 1); null of fewer than two. A judge that calls all the same has none. */
export function standardDeviation(values: readonly number[], rater: Rater): Figure {
  return (confusion) => {
    const counts = marginsOf(confusion)[rater];
    const items = sum(counts);
    if (items < 2) return null;
    const mean = sum(counts.map((count, place) => count * (values[place] ?? Number.NaN))) / items;
    const squares = counts.map((count, place) => count * ((values[place] ?? Number.NaN) - mean) ** 2);
    return Math.sqrt(sum(squares) / (items - 1));
  };
}

/** Share of the label that one of the two gave most often. */
export function modalShare(rater: Rater): Figure {
  return (confusion: Confusion) => {
    const counts = marginsOf(confusion)[rater];
    const items = sum(counts);
    return items === 0 ? null : Math.max(...counts) / items;
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
