import bindings from '@duckdb/node-bindings';
import { DOUBLE, identifier, INTEGER, VARCHAR } from './duck.ts';
import type { Column } from './schema.ts';

/** Rows of one chunk, as DuckDB takes them. */
export const CHUNK_ROWS = 2048;
/** DuckDB's string_t; sixteen zero bytes are the empty string. */
const STRING_BYTES = 16;

/** Sets the cell of the current row; a cell that is not set is null. Empty text is null: it says as little. */
export interface TextCell {
  set(value: string | null): void;
}
export interface NumberCell {
  set(value: number | null): void;
}

interface Staged {
  readonly column: Column;
  flush(vector: bindings.Vector): void;
  /** Forgets the rows since the last flush. */
  clear(): void;
}

export type StagedColumn = CodedColumn | TextColumn | NumberColumn;

/** The current row of the chunk, and the characters of the texts in it so far. */
export interface RowPosition {
  index: number;
  characters: number;
}

export function columnFor(column: Column, row: RowPosition): StagedColumn {
  if (column.type !== 'string') return new NumberColumn(column, row);
  return column.coded === true ? new CodedColumn(column, row) : new TextColumn(column, row);
}

export class NumberColumn implements Staged, NumberCell {
  readonly type = DOUBLE;
  readonly column: Column;
  readonly #row: RowPosition;
  readonly #values = new Float64Array(CHUNK_ROWS).fill(Number.NaN);

  constructor(column: Column, row: RowPosition) {
    this.column = column;
    this.#row = row;
  }

  set(value: number | null): void {
    if (value !== null) this.#values[this.#row.index] = value;
  }

  flush(vector: bindings.Vector): void {
    bindings.copy_data_to_vector(vector, 0, this.#values.buffer, 0, this.#values.byteLength);
    this.clear();
  }

  clear(): void {
    this.#values.fill(Number.NaN);
  }

  decoded(): string {
    const value = `nullif(${identifier(this.column.name)}, 'nan'::double)`;
    switch (this.column.type) {
      case 'long':
        return `${value}::bigint`;
      case 'integer':
        return `${value}::integer`;
      case 'timestamp':
        return `make_timestamp(${value}::bigint) at time zone 'UTC'`;
      default:
        return value;
    }
  }
}

export class TextColumn implements Staged, TextCell {
  readonly type = VARCHAR;
  readonly column: Column;
  readonly #row: RowPosition;
  readonly #values: string[] = Array.from({ length: CHUNK_ROWS }, () => '');
  static readonly #empty = new Uint8Array(CHUNK_ROWS * STRING_BYTES);

  constructor(column: Column, row: RowPosition) {
    this.column = column;
    this.#row = row;
  }

  set(value: string | null): void {
    if (value === null) return;
    this.#values[this.#row.index] = value;
    this.#row.characters += value.length;
  }

  flush(vector: bindings.Vector): void {
    const empty = TextColumn.#empty;
    bindings.copy_data_to_vector(vector, 0, empty.buffer, 0, empty.byteLength);
    for (let index = 0; index < this.#row.index; index += 1) {
      const value = this.#values[index];
      if (value !== undefined && value !== '') bindings.vector_assign_string_element(vector, index, value);
    }
    this.clear();
  }

  clear(): void {
    this.#values.fill('');
  }

  decoded(): string {
    return `nullif(${identifier(this.column.name)}, '')`;
  }
}

export class CodedColumn implements Staged, TextCell {
  readonly type = INTEGER;
  readonly column: Column;
  readonly #row: RowPosition;
  readonly #codes = new Int32Array(CHUNK_ROWS);
  readonly #codeOf = new Map<string, number>();
  /** Which list of the variable `codes` is its own, from 1. */
  place = 0;
  #lastValue: string | null = null;
  #lastCode = 0;

  constructor(column: Column, row: RowPosition) {
    this.column = column;
    this.#row = row;
  }

  set(value: string | null): void {
    if (value === null || value === '') return;
    if (value !== this.#lastValue) {
      const known = this.#codeOf.get(value);
      this.#lastCode = known ?? this.#codeOf.size + 1;
      if (known === undefined) this.#codeOf.set(value, this.#lastCode);
      this.#lastValue = value;
    }
    this.#codes[this.#row.index] = this.#lastCode;
  }

  flush(vector: bindings.Vector): void {
    bindings.copy_data_to_vector(vector, 0, this.#codes.buffer, 0, this.#codes.byteLength);
    this.clear();
  }

  clear(): void {
    this.#codes.fill(0);
  }

  /** What the codes stand for: code 1 comes first. */
  get values(): readonly string[] {
    return [...this.#codeOf.keys()];
  }

  /** Index 0 of the list is code 1; a list index of 0 is null, as no value is. */
  decoded(): string {
    if (this.#codeOf.size === 0) return 'null::varchar';
    return `getvariable('codes')[${this.place}][nullif(${identifier(this.column.name)}, 0)]`;
  }

  forget(): void {
    this.#codeOf.clear();
    this.#lastValue = null;
    this.#lastCode = 0;
  }
}
