import { join } from 'node:path';
import type { StorePaths } from '../../lake/store.ts';

/** Where a store keeps what is the judge's own: ledger, lock, calibrations. */
export function ledgerDirectory({ directory }: StorePaths): string {
  return join(directory, 'judge');
}
