import { join } from 'node:path';
import type { JsonObject } from '../core/json.ts';
import type { Window } from '../core/window.ts';
import { readSnapshot } from '../lake/log.ts';
import { openStore, type StorePaths } from '../lake/store.ts';
import type { ViewSettings } from '../views/lake.ts';
import { openViews, type QueryResult, type Views } from '../views/query.ts';
import { windowOf, type Invocation } from './command.ts';
import { rowObjects } from './format.ts';

/** A pause longer than this ends a block of activity (design: exactly 600 s is none). */
const GAP_S = 600;
const SLOW_COMMAND_S = 60;

interface ViewsOptions {
  readonly storeDir: string;
  readonly settings: ViewSettings;
  readonly memoryLimit?: string;
}

/** Opens the views over the newest version of the store, lends them to `use`, and closes them. */
export async function withViews<Result>(options: ViewsOptions, use: (views: Views) => Promise<Result>): Promise<Result> {
  const store = await openStore(options.storeDir, { create: false });
  const views = await openViews({
    ...options,
    files: {
      events: await filesOf(store, 'events'),
      sources: await filesOf(store, 'sources'),
      quarantine: await filesOf(store, 'quarantine'),
    },
  });
  try {
    return await use(views);
  } finally {
    views.close();
  }
}

/** The settings of the window that the command line asks for. */
export function viewSettings(invocation: Invocation): ViewSettings {
  return settingsOf(windowOf(invocation), invocation.zone);
}

export function settingsOf({ since, until, anchor }: Window, zone: string): ViewSettings {
  return { gapS: GAP_S, zone, sinceMicros: since, untilMicros: until, anchor, slowCommandS: SLOW_COMMAND_S };
}

/** Rows as objects, keys named as the columns. */
export function records({ columns, rows }: QueryResult): readonly JsonObject[] {
  return rowObjects({ columns: columns.map(({ name }) => name), rows });
}

async function filesOf(store: StorePaths, table: 'events' | 'sources' | 'quarantine'): Promise<readonly string[]> {
  const directory = store.tablePath(table);
  const { files } = await readSnapshot(directory);
  return files.map(({ path }) => join(directory, path));
}
