import { DuckDBDataChunk, DOUBLE, INTEGER, VARCHAR, type DuckDBAppender } from '@duckdb/node-api';
import bindings from '@duckdb/node-bindings';
import { identifier, literal, type WorkDuck } from './duck.ts';
import { writeWithDuck } from './files.ts';
import { tables, type Column } from './schema.ts';

const CHUNK_ROWS = 2048;
/** Long texts end a chunk sooner. */
const CHUNK_CHARACTERS = 4 * 1024 * 1024;
/** Rows with more characters than this are few to a group. */
const LONG_CHARACTERS = 4096;
/** What an appender holds until it gives its rows to the table, which can spill as the appender cannot. */
const HELD_CHARACTERS = 16 * 1024 * 1024;
/** DuckDB's string_t; sixteen zero bytes are the empty string. */
const STRING_BYTES = 16;

/** Sets the cell of the current row; a cell that is not set is null. Empty text is null: it says as little. */
export interface TextCell {
  set(value: string | null): void;
}
export interface NumberCell {
  set(value: number | null): void;
}

interface StagedColumn {
  readonly column: Column;
  flush(vector: bindings.Vector): void;
  /** Forgets the rows since the last flush. */
  clear(): void;
}

/** Staged beside the columns of `events`; only publishing sees them. */
const stagingOnly: readonly Column[] = [
  { name: 'copied', type: 'integer', about: '1: the record says that it repeats another session' },
];

/** All columns of a stage file, in order. */
const stageColumns: readonly Column[] = [...tables.events.columns, ...stagingOnly];

/**
 * Rows of events on their way into a Parquet file. Columns with few values cross into DuckDB as codes, nulls as zero bytes or NaN:
 * a call per string and per null is what makes appending slow (measured: 2.9 s against 1.4 s for 250,000 rows).
 */
export class EventStage {
  readonly #duck: WorkDuck;
  readonly #columns: readonly (CodedColumn | TextColumn | NumberColumn)[];
  readonly #byName: ReadonlyMap<string, CodedColumn | TextColumn | NumberColumn>;
  readonly #chunk: DuckDBDataChunk;
  readonly #row: RowPosition = { index: 0, characters: 0 };
  #appender: DuckDBAppender | null = null;
  #rows = 0;
  /** Characters of all texts, and of those that the appender holds. */
  #characters = 0;
  #held = 0;
  /** Rows that were taken back, as first and one after the last. */
  #takenBack: (readonly [number, number])[] = [];

  constructor(duck: WorkDuck) {
    this.#duck = duck;
    this.#columns = stageColumns.map((column) => columnFor(column, this.#row));
    this.#byName = new Map(this.#columns.map((column) => [column.column.name, column]));
    this.#chunk = DuckDBDataChunk.create(this.#columns.map((column) => column.type));
  }

  text(name: string): TextCell {
    const column = this.#byName.get(name);
    if (column instanceof CodedColumn || column instanceof TextColumn) return column;
    throw new TypeError(`Expected a text column of events, got "${name}"`);
  }

  number(name: string): NumberCell {
    const column = this.#byName.get(name);
    if (column instanceof NumberColumn) return column;
    throw new TypeError(`Expected a number column of events, got "${name}"`);
  }

  get rows(): number {
    return this.#rows;
  }

  async begin(): Promise<void> {
    const columns = this.#columns.map(({ column, type }) => `${identifier(column.name)} ${type.toString()}`);
    await this.#duck.connection.run(`create or replace table stage (${columns.join(', ')})`);
    this.#appender = await this.#duck.connection.createAppender('stage');
    this.#rows = 0;
    this.#characters = 0;
    this.#held = 0;
    // A batch that was given up half-way has left rows that no chunk took.
    this.#row.index = 0;
    this.#row.characters = 0;
    for (const column of this.#columns) column.clear();
    this.#takenBack = [];
  }

  /** The rows from this one on are not written. */
  takeBack(firstRow: number): void {
    if (this.#rows > firstRow) this.#takenBack.push([firstRow, this.#rows]);
  }

  /** Ends the current row. */
  next(): void {
    this.#rows += 1;
    this.#row.index += 1;
    if (this.#row.index === CHUNK_ROWS || this.#row.characters >= CHUNK_CHARACTERS) this.#flush();
  }

  /** Writes the rows since `begin` to a Parquet file, uncompressed: it lives for the length of one run. */
  async write(file: string): Promise<void> {
    if (this.#row.index > 0) this.#flush();
    this.#appender?.closeSync();
    this.#appender = null;
    const { connection } = this.#duck;
    await this.#publishCodes();
    const decoded = this.#columns.map((column) => `${column.decoded()} as ${identifier(column.column.name)}`);
    const copy = `copy (select ${decoded.join(', ')} from stage ${this.#kept()}) to ${literal(file)} (format parquet, compression uncompressed, row_group_size ${this.#groupRows()})`;
    await writeWithDuck(file, async () => await connection.run(copy));
    await connection.run('drop table stage');
    for (const column of this.#columns) {
      if (column instanceof CodedColumn) column.forget();
    }
  }

  /** Makes the values of all codes known to the engine: a list of their lists, in one variable. */
  async #publishCodes(): Promise<void> {
    const { connection } = this.#duck;
    await connection.run('create or replace temp table codes (place integer, code integer, value varchar)');
    const appender = await connection.createAppender('codes');
    let place = 0;
    for (const column of this.#columns) {
      if (!(column instanceof CodedColumn) || column.values.length === 0) continue;
      place += 1;
      column.place = place;
      for (const [index, value] of column.values.entries()) {
        appender.appendInteger(place);
        appender.appendInteger(index + 1);
        appender.appendVarchar(value);
        appender.endRow();
      }
    }
    appender.closeSync();
    await connection.run(`
      set variable codes = (
        select list(codes order by place)
        from (select place, list(value order by code) as codes from codes group by place)
      )`);
  }

  /** A reader holds the texts of a group together. */
  #groupRows(): number {
    const isLong = this.#characters > this.#rows * LONG_CHARACTERS;
    return isLong ? CHUNK_ROWS : 2 * CHUNK_ROWS;
  }

  /** Rows of a table that was only appended to are numbered from 0. */
  #kept(): string {
    if (this.#takenBack.length === 0) return '';
    return `where not (${this.#takenBack.map(([from, end]) => `rowid between ${from} and ${end - 1}`).join(' or ')})`;
  }

  #flush(): void {
    bindings.data_chunk_reset(this.#chunk.chunk);
    bindings.data_chunk_set_size(this.#chunk.chunk, this.#row.index);
    for (const [index, column] of this.#columns.entries()) {
      column.flush(bindings.data_chunk_get_vector(this.#chunk.chunk, index));
    }
    this.#appender?.appendDataChunk(this.#chunk);
    this.#characters += this.#row.characters;
    this.#held += this.#row.characters;
    this.#row.index = 0;
    this.#row.characters = 0;
    if (this.#held < HELD_CHARACTERS) return;
    this.#appender?.flushSync();
    this.#held = 0;
  }
}

/** The current row of the chunk, and the characters of the texts in it so far. */
interface RowPosition {
  index: number;
  characters: number;
}

function columnFor(column: Column, row: RowPosition): CodedColumn | TextColumn | NumberColumn {
  if (column.type !== 'string') return new NumberColumn(column, row);
  return column.coded === true ? new CodedColumn(column, row) : new TextColumn(column, row);
}

class NumberColumn implements StagedColumn, NumberCell {
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

class TextColumn implements StagedColumn, TextCell {
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

class CodedColumn implements StagedColumn, TextCell {
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
