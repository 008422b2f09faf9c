import { availableParallelism } from 'node:os';
import { agentsNamed } from '../agents/index.ts';
import type { Surroundings } from '../agents/agent.ts';
import type { Micros } from '../core/event.ts';
import type { Window } from '../core/window.ts';
import { discoverSources, type SourceFile } from '../discover/discover.ts';
import { storePaths } from '../lake/store.ts';
import type { SourceState } from '../lake/sources.ts';
import type { ReadOutcome, SourceJob } from './job.ts';
import { readLedger } from './ledger.ts';
import { planMemory } from './memory-plan.ts';
import { isAsKnown, jobOf, type PlannedSource } from './plan.ts';
import { scanSources } from './scan.ts';
import { selectSources } from './select.ts';

export interface ListOptions {
  readonly storeDir: string;
  readonly roots: readonly string[];
  readonly agents: readonly string[];
  readonly window: Window;
  readonly memoryBytes: number;
}

export interface ListedSource {
  readonly agent: string;
  readonly user: string | null;
  readonly project: string | null;
  readonly session_id: string | null;
  readonly first_ts: string | null;
  readonly last_ts: string | null;
  readonly size_bytes: number;
  /** The store holds every whole line of the file as it is now. */
  readonly synced: boolean;
  readonly path: string;
}

interface ListEffects extends Surroundings {
  readonly now: () => Micros;
  /** The project of each source that the store has events of; asked only when a file has not changed since its sync. */
  readonly projects: () => Promise<ReadonlyMap<string, string>>;
}

/** What a sync would read, latest activity first; needs no store and makes none. What is synced is not read again. */
export async function listSources(options: ListOptions, effects: ListEffects): Promise<readonly ListedSource[]> {
  const found = discoverSources({ roots: options.roots, agents: agentsNamed(options.agents) }, effects);
  const store = { ...storePaths(options.storeDir), warnings: [] };
  const { sources, interrupted } = await readLedger(store);
  const known = new Map(sources.filter(({ state }) => state !== 'replaced').map((source) => [source.path, source]));
  const planned = found.sources.map((file): PlannedSource => ({
    file,
    known: null,
    looksUnchanged: false,
    rederive: false,
  }));
  // After a run that was cut off the ledger knows what is archived, but not what it holds.
  const told = await toldByLedger(planned, interrupted ? new Map() : known, options.window, effects.projects);
  const untold = planned.filter(({ file }) => !told.has(file.path)).map(jobOf);
  const read = await scanSources(untold, {
    range: options.window,
    now: effects.now(),
    memory: planMemory(options.memoryBytes, availableParallelism()),
  });
  const scanned = [...told.values(), ...read];
  const { selected } = selectSources(planned, scanned, [], options.window);
  const wanted = new Map(selected.map(({ file }) => [file.path, file]));
  const listed = scanned.flatMap((outcome) => {
    const file = wanted.get(outcome.job.path);
    if (file === undefined) return [];
    const derived = outcome.status === 'read' ? outcome.derived : null;
    return [
      {
        agent: file.agent,
        user: file.user,
        project: derived?.project ?? null,
        session_id: derived?.sessionId ?? file.hint.sessionId,
        first_ts: instant(derived?.firstTs ?? null),
        last_ts: instant(derived?.lastTs ?? null),
        size_bytes: file.identity.sizeBytes,
        synced: isSynced(known.get(file.path), file),
        path: file.path,
      },
    ];
  });
  return listed.sort((a, b) => compare(b.last_ts ?? '', a.last_ts ?? '') || compare(a.path, b.path));
}

/** What the store knows of the files that did not change, as if they had been looked through. */
async function toldByLedger(
  planned: readonly PlannedSource[],
  known: ReadonlyMap<string, SourceState>,
  window: Window,
  projects: ListEffects['projects'],
): Promise<ReadonlyMap<string, ReadOutcome>> {
  const unchanged = planned.flatMap((source) => {
    const state = known.get(source.file.path);
    return state !== undefined && isSynced(state, source.file) ? [{ source, state }] : [];
  });
  const projectOf = unchanged.length === 0 ? new Map<string, string>() : await projects();
  return new Map(
    unchanged.flatMap(({ source, state }) => {
      const activeInRange = isActive(state, window);
      const project = projectOf.get(state.sourceId);
      // Without a project all its events may be copies of another file's; only the file tells.
      if (activeInRange === null || project === undefined || state.pendingBytes > 0) return [];
      return [[state.path, toldOutcome(jobOf(source), state, project, activeInRange)]];
    }),
  );
}

/** Whether a source has an event of its own time in the window; null when its first and last do not tell. */
function isActive({ firstTs, lastTs }: SourceState, { since, until }: Window): boolean | null {
  if (firstTs === null || lastTs === null) return false;
  if ((since !== null && lastTs < since) || (until !== null && firstTs >= until)) return false;
  const firstInside = since === null || firstTs >= since;
  const lastInside = until === null || lastTs < until;
  return firstInside || lastInside ? true : null;
}

function toldOutcome(job: SourceJob, state: SourceState, project: string, activeInRange: boolean): ReadOutcome {
  const { sessionId, firstTs, lastTs, events } = state;
  return {
    status: 'read',
    job,
    change: 'same',
    sourceId: state.sourceId,
    generation: state.generation,
    sizeBytes: state.sizeBytes,
    mtimeNs: state.mtimeNs,
    deviceInode: state.deviceInode,
    archivedBytes: state.archivedBytes,
    newBytes: 0,
    pendingBytes: 0,
    contentSha256: state.contentSha256 ?? '',
    derived: {
      counts: state,
      quarantine: [],
      events,
      unknown: new Map(),
      sessionId,
      project,
      firstTs,
      lastTs,
      activeInRange,
    },
  };
}

function isSynced(source: SourceState | undefined, file: SourceFile): boolean {
  return source !== undefined && source.archivedBytes > 0 && isAsKnown(file, source);
}

function instant(ts: Micros | null): string | null {
  return ts === null ? null : new Date(ts / 1000).toISOString();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
