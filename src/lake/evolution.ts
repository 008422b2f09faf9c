import { asArray, asObject, asText, type Json } from '../core/json.ts';
import { identifier } from './duck.ts';
import type { Snapshot } from './log.ts';
import { duckType, type TableSchema } from './schema.ts';

/**
 * Columns that the table's files were written without, by an older version of the program: they read as null. All files of a
 * version have the same columns, because the first write with a new column rewrites every file.
 */
export function columnsLacking(schema: TableSchema, { metadata }: Snapshot): ReadonlySet<string> {
  if (metadata === null) return new Set();
  const parsed: Json = JSON.parse(metadata.schemaString);
  const written = new Set(
    (asArray(asObject(parsed)?.['fields']) ?? []).map((field) => asText(asObject(field)?.['name'])),
  );
  return new Set(schema.columns.map(({ name }) => name).filter((name) => !written.has(name)));
}

/** The select list of all columns of a table, `alias` being the name of its files. */
export function allColumns(schema: TableSchema, lacking: ReadonlySet<string>, alias: string): string {
  return schema.columns
    .map(({ name, type }) =>
      lacking.has(name) ? `null::${duckType(type)} as ${identifier(name)}` : `${alias}.${identifier(name)}`,
    )
    .join(', ');
}
