import { weightedSum, type Figure } from './confusion.ts';

/** Which places of the scale count as a success. */
type Positive = readonly boolean[];

/** Share of the items without success, as people see it, that the judge calls a success. */
export function falsePositiveRate(positive: Positive): Figure {
  return conditional(
    (_, judge) => isPositive(positive, judge),
    (human) => !isPositive(positive, human),
  );
}

/** Share of the judge's successes that people call so too. */
export function precision(positive: Positive): Figure {
  return conditional(
    (human) => isPositive(positive, human),
    (_, judge) => isPositive(positive, judge),
  );
}

/** Share of people's successes that the judge finds. */
export function recall(positive: Positive): Figure {
  return conditional(
    (_, judge) => isPositive(positive, judge),
    (human) => isPositive(positive, human),
  );
}

type Cell = (human: number, judge: number) => boolean;

function conditional(wanted: Cell, given: Cell): Figure {
  return (confusion) => {
    const all = weightedSum(confusion, (human, judge) => (given(human, judge) ? 1 : 0));
    const some = weightedSum(confusion, (human, judge) => (given(human, judge) && wanted(human, judge) ? 1 : 0));
    return all === 0 ? null : some / all;
  };
}

function isPositive(positive: Positive, place: number): boolean {
  return positive[place] === true;
}
