import { identifier, literal } from '../lake/duck.ts';

/** One file of `sql/seeds/`: a table in schema `seeds`. */
export interface Seed {
  readonly name: string;
  readonly columns: readonly SeedColumn[];
  readonly rows: readonly (readonly string[])[];
  /** The person's own file: its rows are added to the package's seed, in place of those with the same first cell. */
  readonly file?: string;
}

interface SeedColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * A CSV (RFC 4180) with a header row of `name` (text) or `name:type` (a DuckDB type). An empty cell is null.
 * Throws a TypeError that names the file (`where`) and the row.
 */
export function parseSeed(name: string, text: string, where = `sql/seeds/${name}.csv`): Seed {
  const [header = [], ...rows] = parseCsv(text);
  const columns = header.map((cell) => {
    const [column = '', type = 'varchar'] = cell.split(':');
    if (!/^[a-z][a-z0-9_]*$/.test(column) || !/^[a-z]+$/.test(type)) {
      throw new TypeError(`Expected the header of ${where} to hold name or name:type, got "${cell}"`);
    }
    return { name: column, type };
  });
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns.length) {
      const got = `${String(row.length)} in row ${String(index + 1)}`;
      throw new TypeError(`Expected ${String(columns.length)} cells in ${where}, got ${got}`);
    }
  }
  return { name: `seeds.${name}`, columns, rows };
}

/** The statement that makes the seed's table. */
export function createSeed(seed: Seed): string {
  const cast = (cell: string, index: number): string =>
    cell === '' ? 'null' : `${literal(cell)}::${seed.columns[index]?.type ?? 'varchar'}`;
  const columns = seed.columns.map((column) => `${identifier(column.name)} ${column.type}`).join(', ');
  const rows = seed.rows.map((row) => `(${row.map(cast).join(', ')})`).join(',\n');
  const insert = seed.rows.length === 0 ? '' : `insert into ${seed.name} values ${rows};`;
  return `create table ${seed.name} (${columns});\n${insert}`;
}

const CELL = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;

function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const from = CELL.lastIndex;
    const found = CELL.exec(text);
    if (found === null) throw new TypeError(`Expected CSV, got ${JSON.stringify(text.slice(from, from + 40))}`);
    const [, cell = '', end] = found;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) rows.push([...row, '']);
  return rows;
}
