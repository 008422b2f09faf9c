import './optimiser.ts';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentById } from '../agents/index.ts';
import type { Adapter } from '../agents/agent.ts';
import { sourceId, type AgentId } from '../core/ids.ts';
import { SourceSecrets } from '../core/redact/source-secrets.ts';
import { ContentHash, RawStage } from '../lake/archive.ts';
import type { WorkDuck } from '../lake/duck.ts';
import { EventStage } from '../lake/stage.ts';
import { MAX_LINE_BYTES } from '../read/lines.ts';
import { SourceOpener } from '../read/open.ts';
import { newReadSink } from '../read/records.ts';
import { archivableEnd, chunksOf, hashOf, UnreadableSource, type OpenSource } from '../read/source-file.ts';
import { packingOf } from '../read/unpack.ts';
import { isComplete, isWhole } from '../read/whole.ts';
import { ArchivedSources } from './archived.ts';
import { ArchiveWriter, tee } from './archive-writer.ts';
import { derive } from './derive.ts';
import type { BatchJob, BatchResult, Derived, SourceJob, SourceOutcome, TimeRange } from './job.ts';
import { mayHoldLateSecrets } from './late-secrets.ts';
import { glanceAt, isOutside } from './glance.ts';
import { changeOf, outcome } from './read-outcome.ts';
import { EventRows } from './rows.ts';

/** Nobody writes the rest of a line after a day: a torn tail is then read as it is (reliability.md 3.3). */
const FINISHED_AFTER_NS = 24n * 3600n * 1_000_000_000n;

/** How long a document that is met half-written is left alone before the one second look at it. */
const SECOND_LOOK_MS = 100;

/** What the jobs of a batch share. */
interface Work {
  readonly batch: BatchJob;
  readonly archive: ArchiveWriter;
  readonly archived: ArchivedSources;
}

/** Reads batches of sources into stage and archive files, one batch at a time. */
export class BatchReader {
  readonly #duck: WorkDuck;
  readonly #stage: EventStage;
  readonly #rows: EventRows;
  readonly #raw: RawStage;
  readonly #adapters = new Map<AgentId, Adapter>();

  constructor(duck: WorkDuck) {
    this.#duck = duck;
    this.#stage = new EventStage(duck);
    this.#rows = new EventRows(this.#stage);
    this.#raw = new RawStage(duck);
  }

  /** A source that fails half-way spoils what was staged of it, so the batch is read again without it. */
  async run(batch: BatchJob): Promise<BatchResult> {
    const spoiled = new Map<SourceJob, string>();
    for (;;) {
      try {
        return await this.#attempt(batch, spoiled);
      } catch (error) {
        if (!(error instanceof SpoiledBatch)) throw error;
        spoiled.set(error.job, error.message);
      }
    }
  }

  async #attempt(batch: BatchJob, spoiled: ReadonlyMap<SourceJob, string>): Promise<BatchResult> {
    const archive = new ArchiveWriter(this.#raw, batch);
    const work = { batch, archive, archived: new ArchivedSources(this.#duck, batch) };
    if (batch.purpose === 'import') await Promise.all([this.#stage.begin(), this.#raw.begin()]);
    const outcomes: SourceOutcome[] = [];
    const opener = new SourceOpener(batch.purpose === 'import' ? batch.directory : os.tmpdir());
    try {
      for (const job of batch.jobs) {
        await this.#loadAdapter(job.agent);
        const open = (): OpenSource | string => spoiled.get(job) ?? tryOpen(opener, job);
        outcomes.push(await this.#runJob(job, open, work));
      }
    } finally {
      opener.close();
    }
    if (batch.purpose === 'scan') return { index: batch.index, outcomes, stageFile: null, rawFiles: [] };
    const rawFiles = await archive.finish();
    const stageFile = path.join(batch.directory, `stage-${batch.index}.parquet`);
    const staged = this.#stage.rows > 0;
    await this.#stage.write(stageFile);
    return { index: batch.index, outcomes, stageFile: staged ? stageFile : null, rawFiles };
  }

  async #loadAdapter(agent: AgentId): Promise<void> {
    if (!this.#adapters.has(agent)) this.#adapters.set(agent, await agentById(agent).loadAdapter());
  }

  async #runJob(
    job: SourceJob,
    open: () => OpenSource | string,
    work: Work,
    isSecondLook = false,
  ): Promise<SourceOutcome> {
    const opened = open();
    if (typeof opened === 'string') {
      return job.mode === 'again' ? this.#fromArchive(job, work) : { status: 'unreadable', job, reason: opened };
    }
    try {
      return await this.#readFile(opened, job, work);
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      if (!(error instanceof IncompleteSource)) throw new SpoiledBatch(job, error.message);
      if (isSecondLook) return { status: 'unreadable', job, reason: error.message };
    } finally {
      opened.close();
    }
    await sleep(SECOND_LOOK_MS);
    return await this.#runJob(job, open, work, true);
  }

  async #readFile(source: OpenSource, job: SourceJob, work: Work): Promise<SourceOutcome> {
    const { batch, archive } = work;
    const { sizeBytes, mtimeNs } = source.identity;
    const beginsAsArchived = job.archivedBytes === 0 || hashOf(source, job.archivedBytes) === job.contentSha256;
    if (job.mode === 'again') {
      if (!beginsAsArchived) return this.#fromArchive(job, work);
      const archived = (): Iterable<Buffer> => chunksOf(source, 0, job.archivedBytes);
      const derived = this.#derive(archived(), archived, job, job.generation, batch);
      return outcome(source, job, 'again', job.generation, job.archivedBytes, 0, job.contentSha256 ?? '', derived);
    }
    const glanced = batch.purpose === 'scan' ? outsideAtAGlance(source, job, batch.range) : null;
    if (glanced !== null) return outcome(source, job, 'new', job.generation, 0, 0, '', glanced);
    const generation = beginsAsArchived ? job.generation : job.generation + 1;
    const kept = beginsAsArchived ? job.archivedBytes : 0;
    const finished = BigInt(batch.now) * 1000n - mtimeNs > FINISHED_AFTER_NS;
    const end = endOf(source, job, kept, finished);
    if (kept > 0 && end === kept && !job.rederive) {
      return outcome(source, job, 'same', generation, kept, 0, job.contentSha256 ?? '', null);
    }
    const id = sourceId(job.path, generation);
    const hash = new ContentHash();
    const teed = tee(chunksOf(source, 0, end), kept, hash, (offset, sha, chunk) =>
      archive.add(id, job.cluster, offset, sha, chunk),
    );
    const again = (): Iterable<Buffer> => chunksOf(source, 0, end);
    let derived: Derived;
    if (end - kept > batch.archiveBytes && batch.purpose === 'import') {
      // Too much to hold: first all chunks to the archive, then the same bytes once more for the events.
      await archive.addAll(teed);
      derived = this.#derive(again(), again, job, generation, batch);
    } else {
      derived = this.#derive(teed, again, job, generation, batch);
    }
    await archive.flushIfLarge();
    const change = changeOf(job, beginsAsArchived, end);
    return {
      ...outcome(source, job, change, generation, end, end - kept, hash.digest(), derived),
      pendingBytes: sizeBytes - end,
    };
  }

  async #fromArchive(job: SourceJob, { batch, archived }: Work): Promise<SourceOutcome> {
    const id = sourceId(job.path, job.generation);
    const chunks = await archived.chunksOf(job);
    if (typeof chunks === 'string') return { status: 'unreadable', job, reason: chunks };
    const derived = this.#derive(chunks, () => chunks, job, job.generation, batch);
    return {
      status: 'read',
      job,
      change: 'again',
      sourceId: id,
      generation: job.generation,
      sizeBytes: job.expectedBytes,
      mtimeNs: 0n,
      deviceInode: '',
      archivedBytes: job.archivedBytes,
      newBytes: 0,
      pendingBytes: 0,
      contentSha256: job.contentSha256 ?? '',
      derived,
    };
  }

  /** Twice when the first pass learned too late of a secret; `again` gives the same bytes once more. */
  #derive(
    chunks: Iterable<Buffer>,
    again: () => Iterable<Buffer>,
    job: SourceJob,
    generation: number,
    batch: BatchJob,
  ): Derived {
    const agent = agentById(job.agent);
    const adapt = this.#adapters.get(job.agent);
    if (adapt === undefined) throw new TypeError(`Expected the adapter of ${job.agent} to be loaded`);
    const secrets = new SourceSecrets(batch.redaction.key, batch.redaction.known);
    const options = {
      adapt,
      hint: job.hint,
      name: job.hint.member === null ? job.path : '',
      range: batch.range,
      rows: batch.purpose === 'import' ? this.#rows : null,
      source: {
        sourceId: sourceId(job.path, generation),
        agent: job.agent,
        user: job.user,
        providers: agent.providers,
        secrets,
      },
    };
    const firstRow = this.#stage.rows;
    const derived = derive(chunks, options);
    if (options.rows === null || !mayHoldLateSecrets(secrets, packingOf(options.name) === null ? again() : null)) {
      return derived;
    }
    this.#stage.takeBack(firstRow);
    secrets.again();
    return derive(again(), options);
  }
}

/** A document that is being written. Nothing of it was staged. */
class IncompleteSource extends UnreadableSource {}

class SpoiledBatch extends Error {
  readonly job: SourceJob;

  constructor(job: SourceJob, reason: string) {
    super(reason);
    this.job = job;
  }
}

/**
 * Where the bytes that can be kept end. What can only be read as a whole is kept as a whole, and not while it is being written.
 * Throws IncompleteSource for that.
 */
function endOf(source: OpenSource, { path: name, hint }: SourceJob, kept: number, finished: boolean): number {
  const { sizeBytes } = source.identity;
  if (hint.member !== null) return sizeBytes;
  if (!isWhole(name, hint.form, source.read(0, Math.min(sizeBytes, 64)))) return archivableEnd(source, kept, finished);
  if (finished || sizeBytes === kept || sizeBytes > MAX_LINE_BYTES) return sizeBytes;
  if (isComplete(source.read(0, sizeBytes), name, hint.form)) return sizeBytes;
  throw new IncompleteSource(`${name} is not complete: it is being written. The next sync reads it.`);
}

/** Of a source that the range leaves out, where that can be seen without reading a record, its times and no counts; else null. */
function outsideAtAGlance(
  source: OpenSource,
  { agent, hint, path: name }: SourceJob,
  range: TimeRange,
): Derived | null {
  const { glance } = agentById(agent);
  if (glance === undefined || hint.sessionId === null || hint.form !== 'lines' || packingOf(name) !== null) return null;
  const times = glanceAt(source, hint.sessionId, glance);
  if (times === null || !isOutside(times, range)) return null;
  return {
    counts: newReadSink().counts,
    quarantine: [],
    events: 0,
    unknown: new Map(),
    sessionId: hint.sessionId,
    project: null,
    firstTs: times.first,
    lastTs: times.last,
    activeInRange: false,
  };
}

/** The open source, or why it cannot be opened. */
function tryOpen(opener: SourceOpener, job: SourceJob): OpenSource | string {
  try {
    return opener.open(job.path, job.hint, agentById(job.agent).collections);
  } catch (error) {
    if (error instanceof UnreadableSource) return error.message;
    throw error;
  }
}
