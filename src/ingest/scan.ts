import type { Micros } from '../core/event.ts';
import { cutBatches } from './batches.ts';
import type { SourceJob, SourceOutcome, TimeRange } from './job.ts';
import type { MemoryPlan } from './memory-plan.ts';

export interface ScanOptions {
  readonly range: TimeRange;
  readonly now: Micros;
  readonly memory: MemoryPlan;
}

/** Looks through sources for event times and keeps nothing. */
export async function scanSources(jobs: readonly SourceJob[], options: ScanOptions): Promise<readonly SourceOutcome[]> {
  if (jobs.length === 0) return [];
  const { runBatches } = await import('./pool.ts');
  const { now, range, memory } = options;
  const batches = cutBatches(
    jobs,
    {
      directory: '',
      archiveBytes: memory.archiveBytes,
      rawFiles: [],
      now,
      purpose: 'scan',
      range,
      redaction: { key: new Uint8Array(), known: [] },
    },
    memory.batchBytes,
    0,
  );
  const { readers, readEngineBytes: memoryBytes } = memory;
  const pool = { threads: 1, readers, memoryBytes, folder: null, spillDirectory: null, engine: null };
  const results = await runBatches(batches, pool, () => undefined);
  return results.flatMap(({ outcomes }) => outcomes);
}
