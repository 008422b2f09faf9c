import type { Micros } from '../core/event.ts';
import { storePaths } from '../lake/store.ts';
import { readLedger } from './ledger.ts';

/** The time of the last event in the store; null when it holds none. */
export async function latestEvent(storeDirectory: string): Promise<Micros | null> {
  const { sources } = await readLedger({ ...storePaths(storeDirectory), warnings: [] });
  const times = sources.flatMap(({ archivedBytes, lastTs }) => (archivedBytes > 0 ? (lastTs ?? []) : []));
  return times.length === 0 ? null : times.reduce((latest, ts) => Math.max(latest, ts));
}
