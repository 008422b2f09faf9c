import { asNumber, type Json } from '../core/json.ts';

/** One row of a result, asked by column name. A column that is not there or has no number is a mistake in the program. */
export interface Row {
  /** Empty for null: transcripts hold empty names too. */
  readonly text: (column: string) => string;
  readonly textOrNull: (column: string) => string | null;
  readonly count: (column: string) => number;
  readonly amountOrNull: (column: string) => number | null;
  readonly flag: (column: string) => boolean;
  readonly list: (column: string) => readonly Json[];
}

export function rowOf(columns: readonly string[], cells: readonly Json[]): Row {
  const cell = (column: string): Json => {
    const value = cells[columns.indexOf(column)];
    if (value === undefined) throw new TypeError(`Expected a column ${column}, got ${columns.join(', ')}`);
    return value;
  };
  const textOrNull = (column: string): string | null => {
    const value = cell(column);
    return typeof value === 'string' ? value : null;
  };
  return {
    text: (column) => textOrNull(column) ?? '',
    textOrNull,
    count: (column) => {
      const count = asNumber(cell(column));
      if (count === null) throw new TypeError(`Expected a number in column ${column}, got null`);
      return count;
    },
    amountOrNull: (column) => asNumber(cell(column)),
    flag: (column) => cell(column) === true,
    list: (column) => {
      const value = cell(column);
      return Array.isArray(value) ? value : [];
    },
  };
}
