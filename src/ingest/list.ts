import { agentsNamed } from '../agents/index.ts';
import type { Surroundings } from '../agents/agent.ts';
import type { Micros } from '../core/event.ts';
import type { Window } from '../core/window.ts';
import { discoverSources } from '../discover/discover.ts';
import { storePaths } from '../lake/store.ts';
import type { SourceState } from '../lake/sources.ts';
import { readLedger } from './ledger.ts';
import { jobOf, type PlannedSource } from './plan.ts';
import { scanSources } from './scan.ts';
import { selectSources } from './select.ts';

export interface ListOptions {
  readonly storeDir: string;
  readonly roots: readonly string[];
  readonly agents: readonly string[];
  readonly window: Window;
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

/** What a sync would read, latest activity first; needs no store and makes none. */
export async function listSources(
  options: ListOptions,
  effects: Surroundings & { readonly now: () => Micros },
): Promise<readonly ListedSource[]> {
  const found = discoverSources({ roots: options.roots, agents: agentsNamed(options.agents) }, effects);
  const store = { ...storePaths(options.storeDir), warnings: [] };
  const { sources } = await readLedger(store);
  const known = new Map(sources.filter(({ state }) => state !== 'replaced').map((source) => [source.path, source]));
  // Nothing counts as known here: times and names come from the file itself.
  const planned = found.sources.map((file): PlannedSource => ({ file, known: null }));
  const scanned = await scanSources(planned.map(jobOf), { range: options.window, now: effects.now() });
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
        synced: isSynced(known.get(file.path), file.identity.sizeBytes, file.identity.mtimeNs),
        path: file.path,
      },
    ];
  });
  return listed.sort((a, b) => compare(b.last_ts ?? '', a.last_ts ?? '') || compare(a.path, b.path));
}

function isSynced(source: SourceState | undefined, sizeBytes: number, mtimeNs: bigint): boolean {
  return (
    source !== undefined && source.archivedBytes > 0 && source.sizeBytes === sizeBytes && source.mtimeNs === mtimeNs
  );
}

function instant(ts: Micros | null): string | null {
  return ts === null ? null : new Date(ts / 1000).toISOString();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
