import { lstat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SeshError } from '../core/errors.ts';
import { removeTree } from './files.ts';
import { holdsLock } from './lock.ts';
import type { Commit } from './log/commit-file.ts';
import { hashedName } from './log/commit.ts';
import { checkpointPath, commitPath, listLog, type LogListing } from './log/names.ts';
import { readCommit, readState } from './log/snapshot.ts';
import type { TableState } from './log/state.ts';
import { tables } from './schema.ts';
import { findLeftovers, type StorePaths } from './store.ts';
import { listTree } from './tree.ts';

export interface VacuumOptions {
  /** Versions that were the newest within this many days stay readable. */
  readonly retainDays: number;
  readonly now: Date;
  /** Only says what would be removed. */
  readonly dryRun: boolean;
}

export interface Vacuumed {
  /** Relative to the store. */
  readonly path: string;
  readonly sizeBytes: number;
}

const DAY_MS = 24 * 3600 * 1000;
/** Whatever the clock says: a reader that is at work has opened one of these, unless their rows lie in newer files by now. */
const VERSIONS_KEPT = 3;

/**
 * Removes data files that no version within the retention names, log files that only older versions need, and what
 * dead runs left. The caller holds the lock, except for a dry run. Returns what was removed.
 */
export async function vacuum(store: StorePaths, options: VacuumOptions): Promise<readonly Vacuumed[]> {
  if (!options.dryRun && !holdsLock(store)) throw new TypeError('Expected the caller of vacuum to hold the lock');
  const cutoffMs = options.now.getTime() - options.retainDays * DAY_MS;
  const doomed = [...(await findLeftovers(store))];
  for (const { name } of Object.values(tables)) doomed.push(...(await outdated(store.tablePath(name), cutoffMs)));
  const removed: Vacuumed[] = [];
  for (const path of doomed) {
    removed.push({ path: relative(store.directory, path), sizeBytes: await sizeOf(path) });
    if (!options.dryRun) await removeTree(path);
  }
  return removed;
}

/** Log files last and oldest first, so that a crash on the way leaves a log without gaps above the base. */
async function outdated(tableDirectory: string, cutoffMs: number): Promise<readonly string[]> {
  const listing = await listLog(tableDirectory);
  const newest = (await readState(tableDirectory)).version;
  if (newest < 0) return [];
  const commits = await readCommits(tableDirectory, listing, newest);
  const oldest = await oldestReadable(tableDirectory, oldestWanted(commits, newest, cutoffMs), newest);
  const data = await outdatedData(tableDirectory, oldest, commits, cutoffMs);
  return [...data, ...outdatedLog(tableDirectory, oldest.version, listing)];
}

async function readCommits(
  tableDirectory: string,
  listing: LogListing,
  newest: number,
): Promise<ReadonlyMap<number, Commit>> {
  const commits = new Map<number, Commit>();
  for (const version of listing.commits.filter((version) => version <= newest)) {
    const commit = await readCommit(tableDirectory, version);
    if (!('torn' in commit)) commits.set(version, commit);
  }
  return commits;
}

/** A version is in use until the next one is made: that moment decides, not its own birth. */
function oldestWanted(commits: ReadonlyMap<number, Commit>, newest: number, cutoffMs: number): number {
  const inTime = [...commits].filter(([, { timestampMs }]) => timestampMs > cutoffMs).map(([version]) => version - 1);
  return Math.max(0, Math.min(oldestOfLast(commits, newest), ...inTime));
}

/** What was only written anew would else lie there twice for ever in a store that nothing is added to. */
function oldestOfLast(commits: ReadonlyMap<number, Commit>, newest: number): number {
  let version = newest;
  while (version > newest - (VERSIONS_KEPT - 1) && commits.get(version)?.sameRows !== true) version -= 1;
  return version;
}

/** An earlier vacuum may have removed what the wanted version needs. */
async function oldestReadable(tableDirectory: string, wanted: number, newest: number): Promise<TableState> {
  for (let version = wanted; version < newest; version += 1) {
    try {
      const state = await readState(tableDirectory, version);
      if (state.version === version) return state;
    } catch (error) {
      if (!(error instanceof SeshError)) throw error;
    }
  }
  return await readState(tableDirectory, newest);
}

/** A file that no version ever named may be a crashed run's only copy of something, so it too stays for the retention. */
async function outdatedData(
  tableDirectory: string,
  oldest: TableState,
  commits: ReadonlyMap<number, Commit>,
  cutoffMs: number,
): Promise<readonly string[]> {
  const kept = new Set(oldest.files.keys());
  const named = new Set([...oldest.files.keys(), ...oldest.removed.keys()]);
  for (const [version, commit] of commits) {
    for (const action of commit.actions) {
      if (action.kind === 'remove') named.add(action.removed.path);
      if (action.kind !== 'add') continue;
      named.add(action.file.path);
      if (version > oldest.version) kept.add(action.file.path);
    }
  }
  const files = (await listTree(tableDirectory)).filter(({ path, kind }) => kind === 'file' && hashedName.test(path));
  return files
    .filter(({ path, modifiedMs }) => !kept.has(path) && (named.has(path) || modifiedMs < cutoffMs))
    .map(({ path }) => join(tableDirectory, path));
}

function outdatedLog(tableDirectory: string, oldest: number, listing: LogListing): readonly string[] {
  const base = listing.checkpoints.findLast((version) => version <= oldest);
  if (base === undefined) return [];
  return [
    ...listing.commits.filter((version) => version < base).map((version) => commitPath(tableDirectory, version)),
    ...listing.checkpoints
      .filter((version) => version < base)
      .map((version) => checkpointPath(tableDirectory, version)),
  ];
}

async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path);
  if (!found.isDirectory()) return found.size;
  return (await listTree(path)).reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
