import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sessionNumber } from './claude.ts';
import { scratch } from './scratch.ts';
import { eventRows, syncStore } from './store.ts';
import type { SyncSummary } from '../../src/ingest/summary.ts';

export interface TestMachine {
  readonly store: string;
  /** The root that is synced. */
  readonly root: string;
  /** The file of a session in a project folder. */
  readonly file: (n: number, project?: string) => string;
  readonly sync: (options?: {
    readonly now?: string;
    readonly full?: boolean;
    readonly recheck?: boolean;
  }) => Promise<SyncSummary>;
  readonly rows: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** An empty store and an empty folder for Claude Code's transcripts, for one test. */
export function testMachine(): TestMachine {
  const folder = scratch();
  const store = join(folder, 'store');
  const root = join(folder, 'projects');
  mkdirSync(root);
  return {
    store,
    root,
    file: (n, project = '-home-ann-shop') => join(root, project, `${sessionNumber(n)}.jsonl`),
    sync: async (options = {}) => await syncStore({ store, roots: [root], ...options }),
    rows: async (sql) => await eventRows(store, sql),
  };
}
