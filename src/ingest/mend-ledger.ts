import type { Discovery, SourceFile } from '../discover/discover.ts';
import { sourceId, type SourceId } from '../core/ids.ts';
import { plural } from '../core/figures.ts';
import { readSnapshot } from '../lake/log.ts';
import type { ArchivedSource } from '../lake/sources-table.ts';
import type { SourceState } from '../lake/sources.ts';
import type { Store } from '../lake/store.ts';
import { overlay, readJournal, readLedger, type Ledger } from './ledger.ts';
import { jobOf } from './plan.ts';
import { emptyState } from './states.ts';

/** A file is replaced a few times in its life; ids of more generations are not looked for. */
const MOST_GENERATIONS = 64;

/**
 * The ledger, and where the table is damaged and its copy too, what an earlier version of it, the archive and the files on this machine
 * tell of it: for a run that derives everything again.
 */
export async function readLedgerToMend(store: Store, found: Discovery): Promise<Ledger> {
  try {
    return await readLedger(store);
  } catch (error) {
    const { DamagedSources, readEarlierSources, withArchivedSources } = await import('../lake/sources-table.ts');
    if (!(error instanceof DamagedSources)) throw error;
    const snapshot = await readSnapshot(store.tablePath('sources'));
    const earlier = overlay(await readEarlierSources(store, snapshot.version), (await readJournal(store)) ?? []);
    const { sources, lost } = await withArchivedSources(
      store,
      async (archived) => await mended(archived, earlier, found),
    );
    return { snapshot: { ...snapshot, warnings: [...snapshot.warnings, ...told(lost)] }, sources, interrupted: true };
  }
}

function told(lost: number): readonly string[] {
  const made = 'The table of sources was damaged, and its copy: it was made again from the archive.';
  if (lost === 0) return [made];
  return [
    made,
    `What is no longer on this machine lost its name, ${plural(lost, 'archived transcript')}: the events stay, and so do the bytes.`,
  ];
}

async function mended(
  archived: readonly ArchivedSource[],
  earlier: readonly SourceState[],
  found: Discovery,
): Promise<{ readonly sources: readonly SourceState[]; readonly lost: number }> {
  const ids = new Set(archived.map(({ sourceId: id }) => id));
  const known = new Map([...onDisk(found.sources, ids), ...earlier.map((state) => [state.sourceId, state] as const)]);
  const sources = new Map(earlier.filter(({ archivedBytes }) => archivedBytes === 0).map((s) => [s.sourceId, s]));
  let lost = 0;
  for (const { sourceId: id, cluster, bytes, hash } of archived) {
    const state = known.get(id);
    if (state === undefined) {
      lost += 1;
      continue;
    }
    const contentSha256 = state.archivedBytes === bytes ? state.contentSha256 : await hash();
    sources.set(id, { ...state, cluster, archivedBytes: bytes, contentSha256, derivation: null });
  }
  return { sources: newestLive([...sources.values()]), lost };
}

/** The files that are there, as the generations of them that the archive holds. */
function onDisk(
  files: readonly SourceFile[],
  archived: ReadonlySet<SourceId>,
): readonly (readonly [SourceId, SourceState])[] {
  return files.flatMap((file) => {
    const job = jobOf({ file, known: null, looksUnchanged: false, rederive: true });
    return Array.from({ length: MOST_GENERATIONS }, (_, generation) => generation).flatMap((generation) => {
      const id = sourceId(file.path, generation);
      return archived.has(id) ? [[id, emptyState({ ...job, generation }, file.root)] as const] : [];
    });
  });
}

/** Of several generations of a path only the newest can be what lies there. */
function newestLive(sources: readonly SourceState[]): readonly SourceState[] {
  const newest = new Map<string, number>();
  for (const { path, generation } of sources) newest.set(path, Math.max(generation, newest.get(path) ?? 0));
  return sources
    .map((source): SourceState =>
      source.generation < (newest.get(source.path) ?? 0) ? { ...source, state: 'replaced' } : source,
    )
    .toSorted((a, b) => (a.sourceId < b.sourceId ? -1 : 1));
}
