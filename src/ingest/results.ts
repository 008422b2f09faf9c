import type { SourceId } from '../core/ids.ts';
import type { QuarantineRow } from '../lake/small-tables.ts';
import type { BatchJob, BatchResult, ReadOutcome } from './job.ts';

/** Where the sources of a batch lie in the archive that are derived again. */
export function clustersAgain({ jobs }: BatchJob): readonly number[] {
  return jobs.filter(({ mode }) => mode === 'again').map(({ cluster }) => cluster);
}

export function stageFiles(results: readonly BatchResult[]): readonly string[] {
  return results.flatMap(({ stageFile }) => stageFile ?? []);
}

export function readOutcomes(results: readonly BatchResult[]): readonly ReadOutcome[] {
  return results.flatMap(({ outcomes }) => outcomes.flatMap((outcome) => (outcome.status === 'read' ? [outcome] : [])));
}

export function derivedSources(results: readonly BatchResult[]): readonly SourceId[] {
  return readOutcomes(results).flatMap(({ derived, sourceId }) => (derived === null ? [] : [sourceId]));
}

export function quarantineRows(results: readonly BatchResult[]): readonly QuarantineRow[] {
  return readOutcomes(results).flatMap(({ sourceId, derived }) =>
    (derived?.quarantine ?? []).map(({ line, offset, lengthBytes, reason, head }) => ({
      sourceId,
      line,
      offset,
      lengthBytes,
      reason,
      head,
    })),
  );
}
