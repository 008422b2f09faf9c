import path from 'node:path';
import { readSourceId, type SourceId } from '../../core/ids.ts';
import { readArchived, readArchivedTogether } from '../archive.ts';
import { parquet, type WorkDuck } from '../duck.ts';
import { numberOf, textOf } from '../duck-value.ts';
import { readSnapshot } from '../log.ts';
import { rawFilesFor } from '../raw-files.ts';
import type { SourceState } from '../sources.ts';
import type { StorePaths } from '../store.ts';

/** What is to be forgotten; all that is given must hold. */
export interface Choice {
  /** Ids of sessions, or beginnings of them. */
  readonly sessions: readonly string[];
  /** A part of the project's name. */
  readonly project: string | null;
  /** Sessions whose last event is older, microseconds. */
  readonly before: number | null;
  /** Sessions whose transcript holds the text. */
  readonly match: string | null;
}

export interface SessionName {
  readonly agent: string;
  readonly sessionId: string;
}

export interface Doomed {
  readonly sources: readonly SourceState[];
  readonly sessions: readonly SessionName[];
  /** How many of the sessions were asked for; the others share a file, or copied history, with one of them. */
  readonly asked: number;
}

interface Part {
  readonly session: string;
  readonly source: SourceId;
  readonly project: string;
  readonly last: number;
}

/**
 * Whole files go: a file of several sessions with all of them, and every file that repeats a part of a forgotten one, since the text would
 * stay in it otherwise.
 */
export async function chooseDoomed(
  store: StorePaths,
  duck: WorkDuck,
  sources: readonly SourceState[],
  choice: Choice,
  holds: (chunks: readonly Buffer[], source: SourceState) => boolean,
): Promise<Doomed> {
  const parts = await partsOf(store, duck, sources);
  const asked = new Set(parts.map(({ session }) => session));
  keepOnly(asked, choice.sessions.length > 0, (session) => {
    const id = session.slice(session.indexOf('\n') + 1);
    return choice.sessions.some((wanted) => wanted !== '' && id.startsWith(wanted));
  });
  keepOnly(asked, choice.project !== null, (session) =>
    parts.some((part) => part.session === session && part.project.includes(choice.project ?? '')),
  );
  keepOnly(asked, choice.before !== null, (session) => {
    const last = Math.max(...parts.filter((part) => part.session === session).map((part) => part.last));
    // A session whose time nobody knows is no old one, unless all are meant.
    return last < (choice.before ?? 0) && (last > Number.MIN_SAFE_INTEGER || choice.before === Number.MAX_SAFE_INTEGER);
  });
  if (choice.match !== null) {
    const matching = await sourcesThat(store, duck, sources, holds);
    keepOnly(asked, true, (session) => parts.some((part) => part.session === session && matching.has(part.source)));
  }
  return { ...closed(asked, parts, sources), asked: asked.size };
}

function keepOnly(sessions: Set<string>, applies: boolean, wanted: (session: string) => boolean): void {
  if (!applies) return;
  for (const session of sessions) if (!wanted(session)) sessions.delete(session);
}

/** Which sessions lie in which sources: by their events, and by what the ledger says of sources without any. */
async function partsOf(store: StorePaths, duck: WorkDuck, sources: readonly SourceState[]): Promise<readonly Part[]> {
  const directory = store.tablePath('events');
  const { files } = await readSnapshot(directory);
  const byLedger = sources.map((source) => ({
    session: nameOf(source.agent, source.sessionId ?? source.path),
    source: source.sourceId,
    project: '',
    last: source.lastTs ?? Number.NEGATIVE_INFINITY,
  }));
  if (files.length === 0) return byLedger;
  const paths = files.map((file) => path.join(directory, file.path));
  const reader = await duck.connection.runAndReadAll(`
    select agent, session_id, source_id, coalesce(project, ''), coalesce(max(epoch_us(ts)), -9223372036854775807)
    from ${parquet(paths)} group by all order by all`);
  const byEvents = reader.getRowsJS().map(([agent, session, source, project, last]): Part => ({
    session: nameOf(textOf(agent), textOf(session)),
    source: readSourceId(textOf(source)),
    project: textOf(project),
    last: numberOf(last),
  }));
  return [...byEvents, ...byLedger];
}

function closed(
  asked: ReadonlySet<string>,
  parts: readonly Part[],
  sources: readonly SourceState[],
): Omit<Doomed, 'asked'> {
  const sessions = new Set(asked);
  const doomed = new Set<SourceId>();
  for (let size = -1; size !== sessions.size + doomed.size;) {
    size = sessions.size + doomed.size;
    for (const { session, source } of parts) if (sessions.has(session)) doomed.add(source);
    const chosen = sources.filter(({ sourceId }) => doomed.has(sourceId));
    const [families, paths] = [
      new Set(chosen.map(({ family }) => family)),
      new Set(chosen.map((source) => source.path)),
    ];
    for (const source of sources) {
      if (families.has(source.family) || paths.has(source.path)) doomed.add(source.sourceId);
    }
    for (const { session, source } of parts) if (doomed.has(source)) sessions.add(session);
  }
  const names = [...sessions].sort().map((session): SessionName => {
    const border = session.indexOf('\n');
    return { agent: session.slice(0, border), sessionId: session.slice(border + 1) };
  });
  return { sources: sources.filter(({ sourceId }) => doomed.has(sourceId)), sessions: names };
}

function nameOf(agent: string, session: string): string {
  return `${agent}\n${session}`;
}

/** Archived bytes that are looked at in one go. */
const LOOK_BYTES = 8 * 1024 * 1024;

/** Which sources `holds` is true of. Neighbours in the archive are read together: each alone would decompress what the others lie in. */
async function sourcesThat(
  store: StorePaths,
  duck: WorkDuck,
  sources: readonly SourceState[],
  holds: (chunks: readonly Buffer[], source: SourceState) => boolean,
): Promise<ReadonlySet<SourceId>> {
  const directory = store.tablePath('raw');
  const snapshot = await readSnapshot(directory);
  const held = new Set<SourceId>();
  for (const group of neighbours(sources)) {
    const clusters = group.map(({ cluster }) => cluster);
    const ids = group.map(({ sourceId }) => sourceId);
    const found = await readArchivedTogether(duck, rawFilesFor(snapshot, directory, clusters), ids);
    for (const source of group) {
      const chunks = (found.get(source.sourceId) ?? []).map(({ data }) => data);
      if (holds(chunks, source)) held.add(source.sourceId);
    }
  }
  return held;
}

function neighbours(sources: readonly SourceState[]): readonly (readonly SourceState[])[] {
  const groups: SourceState[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const source of sources.toSorted((a, b) => a.cluster - b.cluster)) {
    bytes += source.archivedBytes;
    if (bytes > LOOK_BYTES) {
      groups.push([]);
      bytes = source.archivedBytes;
    }
    groups.at(-1)?.push(source);
  }
  return groups;
}

/** The archived bytes of a source. */
export async function archivedChunks(
  store: StorePaths,
  duck: WorkDuck,
  source: SourceState,
): Promise<readonly Buffer[]> {
  if (source.archivedBytes === 0) return [];
  const directory = store.tablePath('raw');
  const files = rawFilesFor(await readSnapshot(directory), directory, [source.cluster]);
  const chunks: Buffer[] = [];
  for await (const { data } of readArchived(duck, files, source.sourceId)) chunks.push(data);
  return chunks;
}
