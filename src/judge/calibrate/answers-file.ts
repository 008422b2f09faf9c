import { problemAt, readCsv, type CsvTable } from './csv.ts';
import type { Rating } from './statistics/confusion.ts';
import { labelOf, scaleOf, type Scale } from './statistics/scale.ts';

/** The answers of several judges to the same items, beside those of people. */
export interface JudgesAnswers {
  /** Every label that anybody gave. */
  readonly scale: Scale;
  readonly items: number;
  /** Items without a label of people: no judge can be measured on them. */
  readonly humanMissing: number;
  readonly judges: readonly JudgeAnswers[];
}

interface JudgeAnswers {
  readonly judge: string;
  readonly ratings: readonly Rating[];
  /** Items with a label of people to which the judge gave no answer. */
  readonly missing: number;
}

const HUMAN = 'human';

/**
 * Reads a CSV file of answers: the first column is the id of what was judged and may repeat (steps of one session), `human` is
 * the label of people, each column after it a judge; an empty cell is no answer. Columns between id and `human` are passed over.
 */
export function readAnswers(text: string, file: string): JudgesAnswers {
  const table = readCsv(text, file);
  const human = table.header.indexOf(HUMAN);
  if (human < 1) throw problemAt(file, 1, `Expected a column "${HUMAN}" after the column of ids`);
  if (human === table.header.length - 1)
    throw problemAt(file, 1, `Expected one column for each judge after "${HUMAN}"`);
  refuseWithoutId(table);
  const rows = table.records.map(({ cells }) => cells.map((cell) => labelOf(cell.trim())));
  const scale = scaleOf(rows.flatMap((cells) => cells.slice(human)).filter((label) => label !== ''));
  const answered = rows.filter((cells) => cells[human] !== '');
  const ids = table.records.map(({ cells }) => cells[0] ?? '');
  const place = new Map(scale.labels.map((label, index) => [label, index]));
  const ratingsOf = (column: number): readonly Rating[] =>
    rows.flatMap((cells, row) => {
      const given = { human: place.get(cells[human] ?? ''), judge: place.get(cells[column] ?? '') };
      if (given.human === undefined || given.judge === undefined) return [];
      return [{ unit: ids[row] ?? '', human: given.human, judge: given.judge }];
    });
  return {
    scale,
    items: rows.length,
    humanMissing: rows.length - answered.length,
    judges: table.header.slice(human + 1).map((judge, index) => {
      const ratings = ratingsOf(human + 1 + index);
      return { judge, ratings, missing: answered.length - ratings.length };
    }),
  };
}

function refuseWithoutId({ file, records }: CsvTable): void {
  const nameless = records.find(({ cells }) => cells[0] === '');
  if (nameless !== undefined)
    throw problemAt(file, nameless.line, 'Expected an id in the first column, got an empty cell');
}
