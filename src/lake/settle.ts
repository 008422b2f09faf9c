import { SeshError } from '../core/errors.ts';
import { removeTree } from './files.ts';
import { settleTable } from './log/commit.ts';
import { tables } from './schema.ts';
import { findLeftovers, type StorePaths } from './store.ts';

/**
 * Brings the store to where an undisturbed run would have left it: nothing unfinished, every cache and checkpoint made. The first
 * act of whoever has the lock.
 */
export async function settleStore(store: StorePaths): Promise<void> {
  for (const path of await findLeftovers(store)) await removeTree(path);
  for (const { name } of Object.values(tables)) {
    try {
      await settleTable(store.tablePath(name));
    } catch (error) {
      // A damaged table must not keep `sync` from making it again; whoever reads it is told.
      if (!(error instanceof SeshError)) throw error;
    }
  }
}
