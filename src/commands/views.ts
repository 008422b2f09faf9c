import { join } from 'node:path';
import type { JsonObject } from '../core/json.ts';
import { refuseMissingFiles } from '../lake/damaged.ts';
import { columnsLacking } from '../lake/evolution.ts';
import { readSnapshot } from '../lake/log.ts';
import { tables } from '../lake/schema.ts';
import { openStore, type StorePaths } from '../lake/store.ts';
import type { ViewSettings } from '../views/lake.ts';
import { openViews, type QueryResult, type Views } from '../views/query.ts';
import { rowObjects } from './format.ts';

interface ViewsOptions {
  readonly storeDir: string;
  readonly settings: ViewSettings;
  readonly memoryLimit?: string;
}

/** Opens the views over the newest version of the store, lends them to `use`, and closes them. */
export async function withViews<Result>(
  options: ViewsOptions,
  use: (views: Views) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(options.storeDir, { create: false });
  const views = await openViews({
    ...options,
    files: {
      events: await filesOf(store, 'events'),
      sources: await filesOf(store, 'sources'),
      quarantine: await filesOf(store, 'quarantine'),
      verdicts: await filesOf(store, 'verdicts'),
      lacking: {
        events: columnsLacking(tables.events, await readSnapshot(store.tablePath('events'))),
        verdicts: columnsLacking(tables.verdicts, await readSnapshot(store.tablePath('verdicts'))),
      },
    },
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

async function filesOf(
  store: StorePaths,
  table: 'events' | 'sources' | 'quarantine' | 'verdicts',
): Promise<readonly string[]> {
  const directory = store.tablePath(table);
  const { files } = await readSnapshot(directory);
  await refuseMissingFiles(directory, files);
  return files.map(({ path }) => join(directory, path));
}
