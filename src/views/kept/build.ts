import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal, WorkDuck } from '../../lake/duck.ts';
import { adoptFiles, makeDirectory, writeWithDuck } from '../../lake/files.ts';
import { createLake, createSchemas, createSettings, type TableFiles, type ViewSettings } from '../lake.ts';
import { createStatements, type Catalog } from '../load.ts';
import { rangeOfCluster, type Range } from './ranges.ts';

interface BuildJob {
  readonly storeDir: string;
  readonly catalog: Catalog;
  readonly settings: ViewSettings;
  readonly lacking: TableFiles['lacking'];
  readonly ranges: readonly Range[];
  /** How many ranges all sessions have. */
  readonly count: number;
  /** The file to be made for each view. */
  readonly targets: ReadonlyMap<string, string>;
  readonly memoryBytes: number;
}

/**
 * Finds the rows of views for some ranges of sessions, by the same SQL that answers without them, and puts them into
 * files. Runs nothing but our own SQL and reaches nothing but the store.
 */
export async function buildKept(job: BuildJob): Promise<void> {
  const spillDirectory = join(job.storeDir, 'tmp', 'duckdb');
  await makeDirectory(spillDirectory);
  const duck = await WorkDuck.open({
    threads: availableParallelism(),
    memoryBytes: job.memoryBytes,
    spillDirectory,
    folder: job.storeDir,
  });
  try {
    const { connection } = duck;
    await connection.run(prelude(job));
    for (const statement of createStatements(job.catalog, new Set(job.targets.keys()), new Set(), true).values()) {
      await connection.run(statement);
    }
    const adoptions = [];
    for (const [view, to] of job.targets) {
      const from = join(job.storeDir, 'cache', `.sesh-${randomBytes(8).toString('hex')}.tmp`);
      await copyView(connection, job.catalog.views.get(view)?.key ?? [], view, from);
      adoptions.push({ from, to });
    }
    await adoptFiles(adoptions);
  } finally {
    duck.close();
  }
}

function prelude({ settings, lacking, ranges, count }: BuildJob): string {
  const events = [...new Set(ranges.flatMap(({ files }) => files.map(({ path }) => path)))];
  const only = `${rangeOfCluster('f.cluster', count)} in (${ranges.map(({ index }) => index).join(', ')})`;
  const files = { events, sources: [], quarantine: [], ...(lacking === undefined ? {} : { lacking }) };
  return [
    createLake(files, ranges.length === count ? undefined : only),
    ...createSchemas(),
    createSettings(settings),
    `create table kept_ranges as
     select agent, session_id, ${rangeOfCluster('any_value(cluster)', count)} as kept_range
     from lake.events group by agent, session_id;`,
  ].join('\n');
}

async function copyView(
  connection: DuckDBConnection,
  key: readonly string[],
  view: string,
  path: string,
): Promise<void> {
  const order = ['kept_range', ...key.map((column) => `rows.${column}`)].join(', ');
  await writeWithDuck(path, () =>
    connection.run(
      `copy (
         select rows.*, kept_ranges.kept_range
         from ${view} as rows
         join kept_ranges on kept_ranges.agent = rows.agent and kept_ranges.session_id = rows.session_id
         order by ${order}
       ) to ${literal(path)} (format parquet, compression zstd)`,
    ),
  );
}
