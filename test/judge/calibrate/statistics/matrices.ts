import type { Confusion, Rating } from '../../../../src/judge/calibrate/statistics/confusion.ts';

/** A matrix as it stands on paper: a row for each label of people, a column for each of the judge. */
export type Rows = readonly (readonly number[])[];

/** Thirty sessions on the scale of the judge, mostly agreed. */
export const thirty: Rows = [
  [4, 1, 0, 0, 0],
  [1, 3, 1, 0, 0],
  [0, 1, 4, 1, 1],
  [0, 0, 1, 5, 1],
  [0, 0, 0, 2, 4],
];

/** Three labels, twenty-five items. */
export const three: Rows = [
  [5, 2, 1],
  [1, 6, 2],
  [0, 1, 7],
];

export function confusion(rows: Rows): Confusion {
  return { size: rows.length, counts: rows.flat() };
}

/** The items of a matrix, each a unit of its own. */
export function ratingsOf(rows: Rows): readonly Rating[] {
  return rows.flatMap((row, human) =>
    row.flatMap((count, judge) =>
      Array.from({ length: count }, (_, number) => ({ unit: `${human}-${judge}-${number}`, human, judge })),
    ),
  );
}
