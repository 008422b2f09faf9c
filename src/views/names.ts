import { asArray, asObject, asText, isObject, type Json, type JsonObject } from '../core/json.ts';

/** What one SELECT refers to, as DuckDB's own parser sees it. */
export interface References {
  /** Tables and views: `sessions`, `staging.events`. Names of the query's own `with` are left out. */
  readonly tables: ReadonlySet<string>;
  /** Table functions and table macros: `range`, `active_time`, `intermediate.timeline_in`. */
  readonly functions: ReadonlySet<string>;
  /** Functions that give a value: `lower`, `local_day`. */
  readonly calls: ReadonlySet<string>;
  /** The query lists or describes what there is: `show tables`, `from duckdb_views`, `from information_schema.tables`. */
  readonly catalog: boolean;
}

export type ParsedSql =
  | { readonly kind: 'select'; readonly references: References }
  | { readonly kind: 'syntax'; readonly message: string }
  | { readonly kind: 'several' | 'nothing' | 'other' };

/** Reads the answer of `json_serialize_sql`, which DuckDB gives for SELECT statements only. */
export function readSerialized(serialized: Json): ParsedSql {
  const tree = asObject(serialized);
  const statements = asArray(tree?.['statements']);
  if (tree?.['error'] === true || statements === null) {
    return tree?.['error_type'] === 'parser'
      ? { kind: 'syntax', message: asText(tree['error_message']) ?? 'syntax error' }
      : { kind: 'other' };
  }
  const [first, ...rest] = statements;
  if (first === undefined) return { kind: 'nothing' };
  return rest.length > 0 ? { kind: 'several' } : { kind: 'select', references: referencesIn(first) };
}

function referencesIn(statement: Json): References {
  const tables = new Set<string>();
  const plain = new Set<string>();
  const functions = new Set<string>();
  const calls = new Set<string>();
  const own = new Set<string>();
  let shows = false;
  const visit = (node: Json | undefined): void => {
    const items = asArray(node);
    if (items !== null) {
      items.forEach(visit);
    } else if (isObject(node)) {
      if (node['type'] === 'BASE_TABLE') (hasSchema(node) ? tables : plain).add(qualified(node, 'table_name'));
      if (node['type'] === 'TABLE_FUNCTION') functions.add(qualified(asObject(node['function']), 'function_name'));
      if (node['class'] === 'FUNCTION') calls.add(qualified(node, 'function_name'));
      if (node['type'] === 'SHOW_REF' && !isObject(node['query'])) shows = true;
      for (const name of withNames(node)) own.add(name);
      Object.values(node).forEach(visit);
    }
  };
  visit(statement);
  for (const name of plain) if (!own.has(name)) tables.add(name);
  return { tables, functions, calls, catalog: shows || [...tables].some((name) => CATALOG.test(name)) };
}

const CATALOG = /^(information_schema\.|pg_catalog\.|duckdb_|sqlite_)/;

function hasSchema(node: JsonObject): boolean {
  return asText(node['schema_name']) !== null;
}

/** `main` is where plain names live, so `main.sessions` is `sessions`. */
function qualified(node: JsonObject | null, field: string): string {
  const schema = asText(node?.['schema_name'] ?? node?.['schema'])?.toLowerCase() ?? 'main';
  const name = asText(node?.[field])?.toLowerCase() ?? '';
  return schema === 'main' ? name : `${schema}.${name}`;
}

function withNames(node: JsonObject): readonly string[] {
  const entries = asArray(asObject(node['cte_map'])?.['map']) ?? [];
  return entries.flatMap((entry) => asText(asObject(entry)?.['key'])?.toLowerCase() ?? []);
}
