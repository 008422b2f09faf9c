import path from 'node:path';
import type { SourceId } from '../core/ids.ts';
import { sha256, type ContentHash, type RawFile, type RawStage } from '../lake/archive.ts';
import type { BatchJob } from './job.ts';

/** New chunks on their way into the archive files of one batch; keeps nothing when the batch only scans. */
export class ArchiveWriter {
  readonly #raw: RawStage;
  readonly #batch: BatchJob;
  readonly #files: RawFile[] = [];
  #bytes = 0;

  constructor(raw: RawStage, batch: BatchJob) {
    this.#raw = raw;
    this.#batch = batch;
  }

  add(source: SourceId, cluster: number, offset: number, sha: string, chunk: Buffer): void {
    if (this.#batch.purpose === 'scan') return;
    this.#raw.add(source, cluster, offset, sha, chunk);
    this.#bytes += chunk.length;
  }

  async addAll(chunks: Iterable<Buffer>): Promise<void> {
    for (const chunk of chunks) {
      // The tee in front has added the chunk already; only memory is looked after here.
      if (chunk.length > 0) await this.flushIfLarge();
    }
  }

  async flushIfLarge(): Promise<void> {
    if (this.#bytes < this.#batch.archiveBytes) return;
    await this.#write();
    await this.#raw.begin();
  }

  async finish(): Promise<readonly RawFile[]> {
    await this.#write();
    return this.#files;
  }

  async #write(): Promise<void> {
    const file = await this.#raw.write(
      path.join(this.#batch.directory, `raw-${this.#batch.index}-${this.#files.length}.parquet`),
    );
    if (file !== null) this.#files.push(file);
    this.#bytes = 0;
  }
}

/** Hands the chunks on; those from `from` on are new and given to `keep`. `from` may lie inside a chunk. */
export function* tee(
  chunks: Iterable<Buffer>,
  from: number,
  hash: ContentHash,
  keep: (offset: number, sha: string, chunk: Buffer) => void,
): Generator<Buffer> {
  for (const chunk of chunks) {
    const offset = hash.bytes;
    const sha = hash.add(chunk);
    const end = offset + chunk.length;
    if (offset >= from) keep(offset, sha, chunk);
    else if (end > from) {
      const fresh = chunk.subarray(from - offset);
      keep(from, sha256(fresh), fresh);
    }
    yield chunk;
  }
}
