import { join } from 'node:path';
import type { JsonObject } from '../core/json.ts';
import { DEFAULT_MEMORY_BYTES, engineMemory } from '../core/memory.ts';
import { refuseMissingFiles } from '../lake/damaged.ts';
import { columnsLacking } from '../lake/evolution.ts';
import { bucketOf } from '../lake/layout.ts';
import { readSnapshot, type Snapshot } from '../lake/log.ts';
import { tables, type TableName } from '../lake/schema.ts';
import { openStore, type StorePaths } from '../lake/store.ts';
import type { EventFile } from '../views/kept/ranges.ts';
import type { TableFiles, ViewSettings } from '../views/lake.ts';
import { openViews, type OpenViewsOptions, type QueryResult, type Views } from '../views/query.ts';
import { rowObjects } from './format.ts';

interface ViewsOptions {
  readonly storeDir: string;
  readonly settings: ViewSettings;
  /** What the whole run may use (default: 768 MiB). */
  readonly memoryBytes?: number;
  /** What to do with rows that are kept beside the store (default: use): `read` makes none, `ignore` finds every row anew. */
  readonly kept?: 'use' | 'read' | 'ignore';
}

/** Opens the views over the newest version of the store, lends them to `use`, and closes them. */
export async function withViews<Result>(
  options: ViewsOptions,
  use: (views: Views) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(options.storeDir, { create: false });
  const { settings, memoryBytes = DEFAULT_MEMORY_BYTES, kept = 'use' } = options;
  const views = await openViews({
    storeDir: options.storeDir,
    settings,
    memoryBytes: engineMemory(memoryBytes),
    ...(await filesOfStore(store, kept)),
  });
  try {
    return await use(views);
  } finally {
    views.close();
  }
}

/** Rows as objects, keys named as the columns. */
export function records({ columns, rows }: QueryResult): readonly JsonObject[] {
  return rowObjects({ columns: columns.map(({ name }) => name), rows });
}

async function filesOfStore(
  store: StorePaths,
  kept: 'use' | 'read' | 'ignore',
): Promise<Pick<OpenViewsOptions, 'files' | 'kept'>> {
  const events = await readSnapshot(store.tablePath('events'));
  const verdicts = await readSnapshot(store.tablePath('verdicts'));
  const files: TableFiles = {
    events: await filesOf(store, 'events', events),
    sources: await filesOf(store, 'sources', await readSnapshot(store.tablePath('sources'))),
    quarantine: await filesOf(store, 'quarantine', await readSnapshot(store.tablePath('quarantine'))),
    verdicts: await filesOf(store, 'verdicts', verdicts),
    lacking: {
      events: columnsLacking(tables.events, events),
      verdicts: columnsLacking(tables.verdicts, verdicts),
    },
  };
  if (kept === 'ignore') return { files };
  const directory = join(store.cache, 'views');
  return { files, kept: { directory, events: eventFiles(store, events), readOnly: kept === 'read' } };
}

async function filesOf(store: StorePaths, table: TableName, { files }: Snapshot): Promise<readonly string[]> {
  const directory = store.tablePath(table);
  await refuseMissingFiles(directory, files);
  return files.map(({ path }) => join(directory, path));
}

function eventFiles(store: StorePaths, { files }: Snapshot): readonly EventFile[] {
  const directory = store.tablePath('events');
  return files.map((file) => ({
    path: join(directory, file.path),
    name: file.path,
    records: file.records,
    ...bucketOf(file),
  }));
}
