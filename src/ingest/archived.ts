import fs from 'node:fs';
import { SeshError } from '../core/errors.ts';
import { sourceId, type SourceId } from '../core/ids.ts';
import { readArchived, readArchivedTogether, sha256, type RawChunk } from '../lake/archive.ts';
import type { WorkDuck } from '../lake/duck.ts';
import type { BatchJob, SourceJob } from './job.ts';

/** The archived bytes of sources whose files are gone, or hold something else. */
export class ArchivedSources {
  readonly #duck: WorkDuck;
  readonly #batch: BatchJob;
  /** What one look into the archive found for all sources of the batch whose files are gone; null before it. */
  #found: Map<SourceId, readonly RawChunk[]> | null = null;

  constructor(duck: WorkDuck, batch: BatchJob) {
    this.#duck = duck;
    this.#batch = batch;
  }

  /** All bytes in order, or why they cannot be had. */
  async chunksOf(job: SourceJob): Promise<readonly Buffer[] | string> {
    const id = idOf(job);
    this.#found ??= await this.#look();
    const together = this.#found.get(id);
    this.#found.delete(id);
    return together === undefined ? await this.#alone(job) : checked(together, job);
  }

  /** A file of the archive that cannot be read would hide all sources: then each is looked for alone. */
  async #look(): Promise<Map<SourceId, readonly RawChunk[]>> {
    const { jobs, rawFiles, archiveBytes } = this.#batch;
    const gone = jobs.filter(
      ({ mode, hint, path }) => mode === 'again' && hint.member === null && !fs.existsSync(path),
    );
    const bytes = gone.reduce((total, { archivedBytes }) => total + archivedBytes, 0);
    if (gone.length < 2 || bytes > archiveBytes) return new Map();
    try {
      return new Map(await readArchivedTogether(this.#duck, rawFiles, gone.map(idOf)));
    } catch (error) {
      if (error instanceof SeshError) return new Map();
      throw error;
    }
  }

  async #alone(job: SourceJob): Promise<readonly Buffer[] | string> {
    const chunks: RawChunk[] = [];
    try {
      for await (const chunk of readArchived(this.#duck, this.#batch.rawFiles, idOf(job))) chunks.push(chunk);
    } catch (error) {
      if (error instanceof SeshError) return error.message;
      throw error;
    }
    return checked(chunks, job);
  }
}

function idOf({ path, generation }: SourceJob): SourceId {
  return sourceId(path, generation);
}

function checked(chunks: readonly RawChunk[], { archivedBytes }: SourceJob): readonly Buffer[] | string {
  const damaged = chunks.find(({ data, sha256: kept }) => sha256(data) !== kept);
  if (damaged !== undefined) return `The archived bytes at ${damaged.offset} are damaged.`;
  const bytes = chunks.reduce((total, { data }) => total + data.length, 0);
  return bytes === archivedBytes
    ? chunks.map(({ data }) => data)
    : `Of ${archivedBytes} archived bytes ${bytes} are left.`;
}
