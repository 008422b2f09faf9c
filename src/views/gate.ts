import type { DuckDBConnection } from '@duckdb/node-api';
import { SeshError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Catalog } from './load.ts';
import { readSerialized, type ParsedSql, type References } from './names.ts';

/** Reads a text with DuckDB's own parser, without running anything of it. */
export async function parseSql(connection: DuckDBConnection, sql: string): Promise<ParsedSql> {
  const reader = await connection.runAndReadAll('select json_serialize_sql($1::varchar)', [sql]);
  const [row] = reader.getRows();
  const [text] = row ?? [];
  const tree: Json = typeof text === 'string' ? JSON.parse(text) : null;
  return readSerialized(tree);
}

/** What the one SELECT refers to. Throws a SeshError for any other text and for functions that do more than read. */
export function checkedReferences(parsed: ParsedSql, catalog: Catalog): References {
  if (parsed.kind === 'syntax') throw new SeshError(`The SQL cannot be read: ${parsed.message}.`, { hint: READ_ONLY });
  if (parsed.kind !== 'select') throw new SeshError(refusals[parsed.kind], { hint: READ_ONLY });
  const refused = [...parsed.references.functions].find(
    (name) => !harmlessFunctions.has(name) && !catalog.views.has(name),
  );
  if (refused !== undefined) throw new SeshError(`The function ${refused} cannot be used here.`, { hint: READ_ONLY });
  return parsed.references;
}

const refusals = {
  several: 'Expected one statement, got several.',
  nothing: 'Expected a statement, got nothing.',
  other: 'Expected a SELECT, got another kind of statement.',
};

const READ_ONLY = 'One SELECT over the views and `events` is what runs; `show tables` lists the views.';

/**
 * Table functions that a query may call, besides our own macros. Others can print to the terminal, write log
 * files or run SQL that is hidden in a text (`enable_logging`, `enable_profiling`, `query`).
 */
const harmlessFunctions: ReadonlySet<string> = new Set([
  'range',
  'generate_series',
  'unnest',
  'json_each',
  'json_tree',
]);
