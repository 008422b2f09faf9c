import { sourceId } from '../core/ids.ts';
import type { OpenSource } from '../read/source-file.ts';
import type { Derived, ReadOutcome, SourceJob } from './job.ts';

/** What a source has become since it was read last; `end` is where its bytes that are kept end now. */
export function changeOf(job: SourceJob, beginsAsArchived: boolean, end: number): ReadOutcome['change'] {
  if (job.archivedBytes === 0) return 'new';
  if (!beginsAsArchived) return 'replaced';
  return end === job.archivedBytes ? 'same' : 'grown';
}

/** A source that was read as far as `archivedBytes`. */
export function outcome(
  source: OpenSource,
  job: SourceJob,
  change: ReadOutcome['change'],
  generation: number,
  archivedBytes: number,
  newBytes: number,
  contentSha256: string,
  derived: Derived | null,
): ReadOutcome {
  const { sizeBytes, mtimeNs, deviceInode } = source.identity;
  const pendingBytes = Math.max(0, sizeBytes - archivedBytes);
  const id = sourceId(job.path, generation);
  return {
    status: 'read',
    job,
    change,
    sourceId: id,
    generation,
    sizeBytes,
    mtimeNs,
    deviceInode,
    archivedBytes,
    newBytes,
    pendingBytes,
    contentSha256,
    derived,
  };
}
