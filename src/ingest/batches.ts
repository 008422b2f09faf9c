import type { BatchJob, SourceJob } from './job.ts';

/**
 * Cuts the work into batches. Sources of one session come together and batches follow the order of the cluster hash, so that each
 * stage file feeds few bucket files; the cut depends on the sources and `batchBytes`, never on which thread was free.
 */
export function cutBatches(
  jobs: readonly SourceJob[],
  common: Omit<BatchJob, 'index' | 'jobs'>,
  batchBytes: number,
  firstIndex: number,
): readonly BatchJob[] {
  const sorted = [...jobs].sort((a, b) => a.cluster - b.cluster || (a.path < b.path ? -1 : 1));
  const batches: SourceJob[][] = [];
  let current: SourceJob[] = [];
  let bytes = 0;
  for (const job of sorted) {
    if (current.length > 0 && bytes + job.expectedBytes > batchBytes) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(job);
    bytes += job.expectedBytes;
  }
  if (current.length > 0) batches.push(current);
  return batches.map((batch, index) => ({ ...common, index: firstIndex + index, jobs: batch }));
}
