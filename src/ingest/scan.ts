import os from 'node:os';
import type { Micros } from '../core/event.ts';
import { cutBatches } from './batches.ts';
import type { SourceJob, SourceOutcome, TimeRange } from './job.ts';

export interface ScanOptions {
  readonly range: TimeRange;
  readonly now: Micros;
}

const MEMORY_BYTES = 256 * 1024 * 1024;

/** Looks through sources for event times and keeps nothing. */
export async function scanSources(jobs: readonly SourceJob[], options: ScanOptions): Promise<readonly SourceOutcome[]> {
  if (jobs.length === 0) return [];
  const { runBatches } = await import('./pool.ts');
  const { now, range } = options;
  const batches = cutBatches(
    jobs,
    { directory: '', rawFiles: [], now, purpose: 'scan', range, redaction: { key: new Uint8Array(), known: [] } },
    0,
  );
  const readers = os.availableParallelism();
  const pool = { threads: 1, readers, memoryBytes: MEMORY_BYTES, folder: null, spillDirectory: null, engine: null };
  const results = await runBatches(batches, pool, () => undefined);
  return results.flatMap(({ outcomes }) => outcomes);
}
