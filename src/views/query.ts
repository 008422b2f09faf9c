import type { DuckDBConnection } from '@duckdb/node-api';
import { SeshError, messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { layers, schemaOf } from './contract.ts';
import { openCage } from './connection.ts';
import { createLake, createSettings, type TableFiles, type ViewSettings } from './lake.ts';
import { createStatements, loadCatalog, type Catalog } from './load.ts';
import { checkedReferences, parseSql } from './gate.ts';
import type { References } from './names.ts';
import { refuseBrokenPatterns, withOwnSeeds } from './own-seeds.ts';
import { toJson } from './values.ts';

export type QueryParameter = string | number | boolean | null;

export interface QueryResult {
  /** Names as the query gives them, types as DuckDB names them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
}

interface OpenViewsOptions {
  readonly storeDir: string;
  readonly files: TableFiles;
  readonly settings: ViewSettings;
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Default: the package's own `sql/`. */
  readonly catalog?: Catalog;
}

export interface Views {
  /**
   * Runs one SELECT (also `describe`, `show tables`, `summarize`, `explain`) and reads at most `maxRows` rows of its
   * answer (default: all). Anything else, and SQL that DuckDB refuses, is a SeshError.
   */
  readonly query: (sql: string, parameters?: readonly QueryParameter[], maxRows?: number) => Promise<QueryResult>;
  readonly close: () => void;
}

/** Opens the views over one version of the store. A view is made when a query first names it. */
export async function openViews(options: OpenViewsOptions): Promise<Views> {
  const { files, settings } = options;
  const catalog = withOwnSeeds(options.catalog ?? loadCatalog(), settings.seeds);
  const cage = await openCage({
    storeDir: options.storeDir,
    files: [...files.events, ...files.sources, ...files.quarantine, ...(files.verdicts ?? [])],
    memoryLimit: options.memoryLimit ?? '1GB',
    threads: options.threads ?? null,
  });
  try {
    await cage.connection.run(
      [createLake(files), ...schemas(), createSettings(settings), ...catalog.macros].join('\n'),
    );
    await refuseBrokenPatterns(cage.connection, catalog, settings.seeds);
  } catch (error) {
    cage.close();
    throw error;
  }
  const make = maker(cage.connection, catalog);
  const query: Views['query'] = async (sql, parameters = [], maxRows = Number.POSITIVE_INFINITY) => {
    const { explain, select } = splitExplain(sql);
    const references = checkedReferences(await parseSql(cage.connection, select), catalog);
    return answered(async () => {
      await make(references);
      return run(cage.connection, `${explain}${select}`, parameters, maxRows);
    });
  };
  return { query, close: cage.close };
}

function schemas(): readonly string[] {
  return [...layers.map(schemaOf), 'seeds'].filter((name) => name !== 'main').map((name) => `create schema ${name};`);
}

/** Makes views one query at a time: two queries that start together may need the same view. */
function maker(connection: DuckDBConnection, catalog: Catalog): (references: References) => Promise<void> {
  const made = new Set<string>();
  let turn: Promise<void> = Promise.resolve();
  const make = async (references: References): Promise<void> => {
    const wanted = references.catalog
      ? new Set(catalog.views.keys())
      : new Set([...references.tables, ...references.functions]);
    for (const [name, statement] of createStatements(catalog, wanted, made, !references.catalog)) {
      await connection.run(statement);
      made.add(name);
    }
  };
  return (references) => {
    const mine = turn.then(() => make(references));
    turn = mine.catch(() => undefined);
    return mine;
  };
}

/** `explain` is no SELECT, so what it explains is checked on its own. */
function splitExplain(sql: string): { readonly explain: string; readonly select: string } {
  const [before = '', analyze] = /^\s*explain\b\s*(analyze\b)?/i.exec(sql) ?? [];
  if (before === '') return { explain: '', select: sql };
  return { explain: analyze === undefined ? 'explain ' : 'explain analyze ', select: sql.slice(before.length) };
}

async function run(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly QueryParameter[],
  maxRows: number,
): Promise<QueryResult> {
  const values = [...parameters];
  const reader = Number.isFinite(maxRows)
    ? await connection.streamAndReadUntil(sql, maxRows, values)
    : await connection.runAndReadAll(sql, values);
  const types = reader.columnTypes();
  return {
    columns: reader.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
    rows: reader.convertRows<Json>((value) => toJson(value)).slice(0, maxRows),
  };
}

async function answered<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw new SeshError(`DuckDB cannot run the query: ${messageOf(error)}`, { cause: error });
  }
}
