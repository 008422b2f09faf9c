import { readFile } from 'node:fs/promises';
import { errnoOf, SeshError } from '../../core/errors.ts';
import { damagedLog } from './actions.ts';
import { readCache } from './cache.ts';
import { decodeCommit, type Commit, type Torn } from './commit-file.ts';
import { commitPath, listLog, shortName, type LogListing } from './names.ts';
import { noTable, replay, snapshotOf, type Snapshot, type TableState } from './state.ts';

/**
 * The table at its newest version; version -1 when it does not exist. Needs no lock and, on the usual way, no DuckDB.
 * A newest commit that was cut short counts as never made, with a warning; any other damage is an error that names the file.
 */
export async function readSnapshot(tableDirectory: string): Promise<Snapshot> {
  return snapshotOf(await readCurrent(tableDirectory, await readCache(tableDirectory)));
}

/** As `readState`, from the cached state onwards where there is one; then only the files removed since are known. */
export async function readCurrent(tableDirectory: string, cached: TableState | null): Promise<TableState> {
  return cached === null ? await readState(tableDirectory) : await readOn(tableDirectory, cached);
}

/** The table from its log alone, at version `upTo` or the newest before it. */
export async function readState(tableDirectory: string, upTo = Number.POSITIVE_INFINITY): Promise<TableState> {
  try {
    return await readFromBestBase(tableDirectory, upTo);
  } catch (error) {
    // A vacuum may have removed a commit between the listing and the reading of it; the second listing knows.
    if (errnoOf(error) !== 'ENOENT') throw error;
    return await readFromBestBase(tableDirectory, upTo);
  }
}

/** What the commit's file says; it is an error when there is none. */
export async function readCommit(tableDirectory: string, version: number): Promise<Commit | Torn> {
  const path = commitPath(tableDirectory, version);
  return decodeCommit(await readFile(path, 'utf8'), shortName(path));
}

/** The newest checkpoint first; an unreadable one costs time as long as an older base and the commits after it are there. */
async function readFromBestBase(tableDirectory: string, upTo: number): Promise<TableState> {
  const listing = await listLog(tableDirectory);
  const commits = listing.commits.filter((version) => version <= upTo);
  const checkpoints = listing.checkpoints.filter((version) => version <= upTo);
  if (commits.length === 0 && checkpoints.length === 0) return noTable;
  let failure: SeshError | null = null;
  for (const base of [...checkpoints.toReversed(), -1]) {
    try {
      return await readFrom(tableDirectory, base, { commits, checkpoints });
    } catch (error) {
      if (!(error instanceof SeshError)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? damagedLog(tableDirectory, 'its log is empty');
}

async function readFrom(tableDirectory: string, base: number, listing: LogListing): Promise<TableState> {
  const newest = Math.max(listing.commits.at(-1) ?? -1, listing.checkpoints.at(-1) ?? -1);
  const later = listing.commits.filter((version) => version > base);
  const missing = later.findIndex((version, index) => version !== base + 1 + index);
  if (missing !== -1 || base + later.length !== newest) {
    const version = base + 1 + (missing === -1 ? later.length : missing);
    throw damagedLog(shortName(commitPath(tableDirectory, version)), 'this commit is missing');
  }
  const start = base === -1 ? noTable : await readBase(tableDirectory, base, listing);
  const commits: Commit[] = [];
  for (const version of later) {
    const commit = await readCommit(tableDirectory, version);
    if (!('torn' in commit)) commits.push(commit);
    else if (version === newest)
      return passOver(tableDirectory, replay(start, commits, tableName(tableDirectory, newest)), commit);
    else throw damagedLog(shortName(commitPath(tableDirectory, version)), commit.torn);
  }
  return replay(start, commits, tableName(tableDirectory, newest));
}

/** DuckDB is loaded only here, where nothing but a checkpoint can tell. */
async function readBase(tableDirectory: string, version: number, listing: LogListing): Promise<TableState> {
  const { readCheckpoint } = await import('./checkpoint.ts');
  const actions = await readCheckpoint(tableDirectory, version);
  const commit = listing.commits.includes(version) ? await readCommit(tableDirectory, version) : null;
  const known = commit === null || 'torn' in commit ? { timestampMs: 0, note: {} } : commit;
  return replay({ ...noTable, version: version - 1 }, [{ ...known, actions }], tableName(tableDirectory, version));
}

/** Versions are consecutive, so asking for the next one by name spares the listing of the folder. */
async function readOn(tableDirectory: string, cached: TableState): Promise<TableState> {
  const commits: Commit[] = [];
  for (let version = cached.version + 1; ; version += 1) {
    const commit = await readCommit(tableDirectory, version).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (commit === null) return replay(cached, commits, tableName(tableDirectory, version));
    // With a damaged commit ahead, the listing decides whether it is the newest.
    if ('torn' in commit) return await readState(tableDirectory);
    commits.push(commit);
  }
}

function passOver(tableDirectory: string, state: TableState, { torn }: Torn): TableState {
  const path = shortName(commitPath(tableDirectory, state.version + 1));
  const warning = `${path} is damaged (${torn}): the version before it is used. Run \`sesh sync\` to make it again.`;
  return { ...state, warnings: [...state.warnings, warning] };
}

function tableName(tableDirectory: string, version: number): string {
  return shortName(commitPath(tableDirectory, version));
}
