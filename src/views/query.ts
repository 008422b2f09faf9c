import type { DuckDBConnection } from '@duckdb/node-api';
import { SeshError, messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { openCage, startEngine } from './connection.ts';
import { openKept, type Kept, type KeptOptions } from './kept/kept.ts';
import { createLake, createSchemas, createSettings, type TableFiles, type ViewSettings } from './lake.ts';
import { Lanes } from './lanes.ts';
import { loadCatalog, type Catalog } from './load.ts';
import { checkedReferences, parseSql } from './gate.ts';
import { Maker } from './maker.ts';
import { refuseBrokenPatterns, withOwnSeeds } from './own-seeds.ts';
import { toJson } from './values.ts';

export type QueryParameter = string | number | boolean | null;

export interface QueryResult {
  /** Names as the query gives them, types as DuckDB names them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
}

export interface OpenViewsOptions {
  readonly storeDir: string;
  readonly files: TableFiles;
  readonly settings: ViewSettings;
  /** What the engine may use; default: 1 GiB. */
  readonly memoryBytes?: number;
  readonly threads?: number;
  /** Default: the package's own `sql/`. */
  readonly catalog?: Catalog;
  /** Where rows of views are kept, and the files of `events` by name; default: nothing is kept. */
  readonly kept?: Pick<KeptOptions, 'directory' | 'events' | 'readOnly'>;
}

export interface Views {
  /**
   * Runs one SELECT (also `describe`, `show tables`, `summarize`, `explain`) and reads at most `maxRows` rows of its
   * answer (default: all). Anything else, and SQL that DuckDB refuses, is a SeshError.
   */
  readonly query: (sql: string, parameters?: readonly QueryParameter[], maxRows?: number) => Promise<QueryResult>;
  /** Makes what the SELECT reads, which is our own work and may take its time the first time. Refuses what `query` refuses. */
  readonly prepare: (sql: string) => Promise<void>;
  /** The views whose rows are all kept beside the store at this moment. */
  readonly kept: () => readonly string[];
  readonly close: () => void;
}

/** Opens the views over one version of the store. A view is made when a query first names it. */
export async function openViews(options: OpenViewsOptions): Promise<Views> {
  const { files, settings } = options;
  const { storeDir } = options;
  const memoryBytes = options.memoryBytes ?? 1024 ** 3;
  const threads = options.threads ?? null;
  const engine = startEngine({ memoryBytes, threads });
  // It is told where it is waited for.
  engine.catch(() => undefined);
  const { catalog, kept } = await openCatalog(options, memoryBytes).catch(async (error: unknown) => {
    (await engine).closeSync();
    throw error;
  });
  const tableFiles = [...files.events, ...files.sources, ...files.quarantine, ...(files.verdicts ?? [])];
  const readable = [...tableFiles, ...(kept?.paths ?? [])];
  const cage = await openCage({ storeDir, files: readable, memoryBytes, threads }, engine);
  const maker = new Maker(cage.connection, catalog, kept);
  try {
    await cage.connection.run([createLake(files), ...createSchemas(), createSettings(settings)].join('\n'));
    await refuseBrokenPatterns(cage.connection, catalog, settings.seeds, (names) => maker.makeNamed(names));
  } catch (error) {
    cage.close();
    throw error;
  }
  const lanes = new Lanes(async () => {
    const lane = await cage.connect();
    await lane.run(createSettings(settings));
    return lane;
  });
  const query: Views['query'] = async (sql, parameters = [], maxRows = Number.POSITIVE_INFINITY) => {
    const { explain, select } = splitExplain(sql);
    const references = checkedReferences(await parseSql(cage.connection, select), catalog);
    const ask = async (): Promise<QueryResult> => {
      await maker.make(references);
      return lanes.lend((lane) => run(lane, `${explain}${select}`, parameters, maxRows));
    };
    return answered(async () => {
      try {
        return await ask();
      } catch (error) {
        if (await maker.goesOnWithout(error)) return await ask();
        throw error;
      }
    });
  };
  const prepare: Views['prepare'] = async (sql) => {
    const references = checkedReferences(await parseSql(cage.connection, splitExplain(sql).select), catalog);
    // An error in making them comes back when the query asks again, which then has a second way.
    await maker.make(references).catch(() => undefined);
  };
  return { query, prepare, kept: () => kept?.complete() ?? [], close: cage.close };
}

/** What the views are made of, and which rows of them are kept. */
async function openCatalog(
  { storeDir, files, settings, kept, ...options }: OpenViewsOptions,
  memoryBytes: number,
): Promise<{ readonly catalog: Catalog; readonly kept: Kept | null }> {
  const catalog = withOwnSeeds(options.catalog ?? loadCatalog(), settings.seeds);
  if (kept === undefined) return { catalog, kept: null };
  const keptOptions = { storeDir, lacking: files.lacking, settings, catalog, memoryBytes };
  return { catalog, kept: await openKept({ ...keptOptions, ...kept }) };
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
