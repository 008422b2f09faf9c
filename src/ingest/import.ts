import path from 'node:path';
import { agentById } from '../agents/index.ts';
import type { Micros } from '../core/event.ts';
import { agentId, sourceId, type SourceId } from '../core/ids.ts';
import { EventContents } from '../lake/contents.ts';
import { damagedFiles, refuseMissingFiles } from '../lake/damaged.ts';
import { WorkDuck, type WorkOptions } from '../lake/duck.ts';
import { adoptFiles, makeDirectory, removeTree } from '../lake/files.ts';
import { commit, readSnapshot, type Snapshot } from '../lake/log.ts';
import { overlappingSources } from '../lake/overlap.ts';
import { mergeEvents, type Merge } from '../lake/publish.ts';
import { placeRawFile, rawFilesFor } from '../lake/raw-files.ts';
import { tables } from '../lake/schema.ts';
import { replaceQuarantine, writeSources } from '../lake/small-tables.ts';
import type { SourceState } from '../lake/sources.ts';
import type { Store } from '../lake/store.ts';
import { cutBatches } from './batches.ts';
import type { BatchResult, Redaction, SourceJob, SourceOutcome, TimeRange } from './job.ts';
import { overlay, removeJournal, writeJournal, type Ledger } from './ledger.ts';
import type { MemoryPlan } from './memory-plan.ts';
import { jobAgain } from './plan.ts';
import { runBatches } from './pool.ts';
import { costUsdMicros } from './price.ts';
import { priceSource } from './price-source.ts';
import { clustersAgain, derivedSources, quarantineRows, readOutcomes, stageFiles } from './results.ts';
import { familiesOf, statesAfter, unreadableState } from './states.ts';
import type { ProgressSink } from './summary.ts';

export interface ImportInput {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly read: readonly SourceJob[];
  readonly again: readonly SourceState[];
  /** States that change without being read: gone sources, sources outside the window. */
  readonly noted: readonly SourceState[];
  /** The root of each file in `read`, by path. */
  readonly roots: ReadonlyMap<string, string>;
  readonly range: TimeRange;
  readonly redaction: Redaction;
  /** What the events are derived by. */
  readonly derivation: string;
  /** Everything is derived again, so that tables can be made again whose files are damaged. */
  readonly full: boolean;
  readonly now: Micros;
  readonly memory: MemoryPlan;
  readonly progress: ProgressSink;
}

export interface Imported {
  readonly outcomes: readonly SourceOutcome[];
  readonly merge: Pick<Merge, 'kept' | 'duplicates' | 'sessions'>;
}

/** Reads the jobs, archives their bytes, publishes their events. The caller holds the lock. */
export async function importSources(input: ImportInput): Promise<Imported> {
  const directory = path.join(input.store.tmp, 'import');
  await makeDirectory(directory);
  const duck = await WorkDuck.open(mainOptions(input, directory));
  try {
    const run = new ImportRun(input, duck, directory);
    const results = await run.readAll();
    const states = run.newStates(results);
    await run.archive(results, states);
    const merge = await run.publish(results);
    await run.settle(results, states, merge);
    return { outcomes: results.flatMap(({ outcomes }) => outcomes), merge };
  } finally {
    duck.close();
    await removeTree(directory);
  }
}

/**
 * One thread each for the connections that write bucket files side by side: threads that share a small sort wait for each other, for a
 * third more of the processor.
 */
function mainOptions(input: ImportInput, directory: string): WorkOptions {
  return {
    threads: 1,
    memoryBytes: input.memory.publishEngineBytes,
    folder: input.store.directory,
    spillDirectory: directory,
  };
}

class ImportRun {
  readonly #input: ImportInput;
  readonly #duck: WorkDuck;
  readonly #directory: string;
  readonly #ledgerById: ReadonlyMap<SourceId, SourceState>;
  /** Files of `events` that cannot be read. */
  #damaged: ReadonlySet<string> = new Set();

  constructor(input: ImportInput, duck: WorkDuck, directory: string) {
    this.#input = input;
    this.#duck = duck;
    this.#directory = directory;
    this.#ledgerById = new Map(input.ledger.sources.map((source) => [source.sourceId, source]));
  }

  /** Reads the jobs, then the sources that share events with them, until nothing new is found: copies are judged all together. */
  async readAll(): Promise<readonly BatchResult[]> {
    const { store, read, again } = this.#input;
    const events = await this.#soundEvents();
    const raw = await readSnapshot(store.tablePath('raw'));
    const known = [...again, ...this.#familiesOfGrown()];
    const tried = new Set<SourceId>(known.map(({ sourceId }) => sourceId));
    const results: BatchResult[] = [];
    let jobs: readonly SourceJob[] = [...read, ...known.map(jobAgain)];
    while (jobs.length > 0) {
      const fresh = await this.#readBatches(jobs, raw, results.length);
      results.push(...fresh);
      const related = await this.#relatives(fresh, results, events);
      const wanted = new Map([...related, ...this.#staleGenerations(fresh)].map((source) => [source.sourceId, source]));
      const untried = [...wanted.values()].filter(({ sourceId }) => !tried.has(sourceId));
      for (const { sourceId } of untried) tried.add(sourceId);
      jobs = untried.map(jobAgain);
    }
    return results;
  }

  /** The published events without files that are damaged; a run that does not make them again refuses to go on without them. */
  async #soundEvents(): Promise<Snapshot> {
    const directory = this.#input.store.tablePath('events');
    const snapshot = await readSnapshot(directory);
    if (this.#input.full) this.#damaged = await damagedFiles(directory, snapshot.files);
    else await refuseMissingFiles(directory, snapshot.files);
    return { ...snapshot, files: snapshot.files.filter(({ path }) => !this.#damaged.has(path)) };
  }

  async #readBatches(jobs: readonly SourceJob[], raw: Snapshot, firstIndex: number): Promise<readonly BatchResult[]> {
    const { store, now, range, redaction, memory, progress } = this.#input;
    const archive = store.tablePath('raw');
    const cut = cutBatches(
      jobs,
      {
        directory: this.#directory,
        archiveBytes: memory.archiveBytes,
        rawFiles: [],
        now,
        purpose: 'import',
        range,
        redaction,
      },
      memory.batchBytes,
      firstIndex,
    );
    const batches = cut.map((batch) => ({ ...batch, rawFiles: rawFilesFor(raw, archive, clustersAgain(batch)) }));

    return await runBatches(
      batches,
      {
        ...mainOptions(this.#input, this.#directory),
        memoryBytes: memory.readEngineBytes,
        readers: memory.readers,
        engine: this.#duck,
      },
      ({ outcomes }) => {
        progress.advance(
          outcomes.length,
          outcomes.reduce((total, { job }) => total + job.expectedBytes, 0),
        );
      },
    );
  }

  /** Earlier generations of files that turned out to be replaced, when their archived bytes have no events of this derivation. */
  #staleGenerations(fresh: readonly BatchResult[]): readonly SourceState[] {
    const { full, derivation: current } = this.#input;
    return readOutcomes(fresh).flatMap(({ job, change }) => {
      const known = change === 'replaced' ? this.#ledgerById.get(sourceId(job.path, job.generation)) : undefined;
      if (known === undefined || known.archivedBytes === 0) return [];
      return full || known.derivation !== current ? [known] : [];
    });
  }

  /** Known sources that share events with those just read, and everything that shares events with them. */
  async #relatives(
    fresh: readonly BatchResult[],
    all: readonly BatchResult[],
    events: Snapshot,
  ): Promise<readonly SourceState[]> {
    const { store } = this.#input;
    const derived = new Set(derivedSources(all));
    const overlapping = await overlappingSources(
      this.#duck.connection,
      store.tablePath('events'),
      events,
      stageFiles(fresh),
    );
    return this.#familiesOf([...derivedSources(fresh), ...overlapping]).filter(
      ({ sourceId }) => !derived.has(sourceId),
    );
  }

  /** What shares events with a file that has another size than it had: read together with it, since its events will be judged anew. */
  #familiesOfGrown(): readonly SourceState[] {
    const { read, again } = this.#input;
    const grown = read.filter(
      ({ archivedBytes, expectedBytes }) => archivedBytes > 0 && expectedBytes !== archivedBytes,
    );
    const idOf = ({ path, generation }: SourceJob): SourceId => sourceId(path, generation);
    const ownTurn = new Set([...read.map(idOf), ...again.map((source) => source.sourceId)]);
    return this.#familiesOf(grown.map(idOf)).filter((source) => !ownTurn.has(source.sourceId));
  }

  #familiesOf(sources: readonly SourceId[]): readonly SourceState[] {
    const families = new Set(sources.flatMap((id) => this.#ledgerById.get(id)?.family ?? []));
    return this.#input.ledger.sources.filter(({ family, archivedBytes }) => archivedBytes > 0 && families.has(family));
  }

  /** From here on the bytes are safe, whatever happens to the sources. */
  async archive(results: readonly BatchResult[], states: readonly SourceState[]): Promise<void> {
    const { store, now, progress } = this.#input;
    progress.stage('Archiving');
    const directory = store.tablePath('raw');
    const placed = await Promise.all(
      results.flatMap(({ rawFiles }) => rawFiles).map(async (raw) => await placeRawFile(raw, directory)),
    );
    if (placed.length === 0) return;
    const before = await readSnapshot(directory);
    await adoptFiles(placed.map(({ adoption }) => adoption));
    await writeJournal(store, before.version + 1, states);
    const add = placed.map(({ file }) => file);
    await commit(directory, tables.raw, before, { add, remove: [], note: {} }, new Date(now / 1000));
  }

  async publish(results: readonly BatchResult[]): Promise<Merge> {
    const { store, now, derivation, progress } = this.#input;
    progress.stage('Publishing');
    const directory = store.tablePath('events');
    const snapshot = await readSnapshot(directory);
    const merge = await mergeEvents({
      duck: this.#duck,
      tableDirectory: directory,
      snapshot,
      stageFiles: stageFiles(results),
      derivedAgain: derivedSources(results),
      directory: this.#directory,
      writers: this.#input.memory.readers,
      damaged: this.#damaged,
      reprice: (usage) => {
        const { providers } = agentById(agentId(usage.agent));
        const micros = costUsdMicros(usage, providers, usage.tsMicros);
        return { micros, source: micros === null ? null : priceSource };
      },
    });
    if (merge.add.length > 0 || merge.remove.length > 0 || snapshot.version < 0) {
      const change = { add: merge.add, remove: merge.remove, note: { derivation } };
      const { files } = await commit(directory, tables.events, snapshot, change, new Date(now / 1000));
      await new EventContents(this.#duck.connection, directory).keep(files);
    }
    return merge;
  }

  async settle(results: readonly BatchResult[], changed: readonly SourceState[], merge: Merge): Promise<void> {
    const { store, ledger, derivation, now, full } = this.#input;
    const { connection } = this.#duck;
    const rewrite = { store, connection, directory: this.#directory, now: new Date(now / 1000), full };
    const derived = derivedSources(results);
    await replaceQuarantine(rewrite, new Set(derived), quarantineRows(results));
    const families = familiesOf(derived, merge.sharing);
    const states = changed.map((state) => ({ ...state, family: families.get(state.sourceId) ?? state.family }));
    const changes = ledger.interrupted ? null : { since: ledger.snapshot.version, sources: states };
    await writeSources(rewrite, { all: overlay(ledger.sources, states), changed: changes }, { derivation });
    await removeJournal(store);
  }

  /** In order, so that a source that was read and then derived again keeps what reading it said. */
  newStates(results: readonly BatchResult[]): readonly SourceState[] {
    const known = new Map(this.#input.ledger.sources.map((source) => [source.sourceId, source]));
    for (const source of this.#input.noted) known.set(source.sourceId, source);
    const changed = new Set(this.#input.noted.map(({ sourceId }) => sourceId));
    for (const outcome of results.flatMap(({ outcomes }) => outcomes)) {
      const before = known.get(sourceId(outcome.job.path, outcome.job.generation)) ?? null;
      const root = this.#input.roots.get(outcome.job.path) ?? before?.root ?? '';
      const context = { known: before, root, derivation: this.#input.derivation };
      const states = outcome.status === 'read' ? statesAfter(outcome, context) : [unreadableState(outcome, context)];
      for (const state of states) {
        known.set(state.sourceId, state);
        changed.add(state.sourceId);
      }
    }
    return [...changed].flatMap((id) => known.get(id) ?? []);
  }
}
