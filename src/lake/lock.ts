import { randomUUID } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { exitCode, messageOf, SeshError } from '../core/errors.ts';
import { asNumber, asObject, asText } from '../core/json.ts';
import { explaining } from './disk-error.ts';
import { engineSettings } from './engine-settings.ts';
import { makeDirectory, removeFile, writeCacheFile, writeFileIfAbsent, writeWithDuck } from './files.ts';
import { parseJson } from './log/actions.ts';
import { settleStore } from './settle.ts';
import type { Store, StorePaths } from './store.ts';

/** The one writer of a store. Everything under `lake/` that writes expects its caller to hold it. */
export interface Lock {
  /** Gives the store free; a second call does nothing. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** Seconds to wait for another writer; 0 gives up at once. */
  readonly waitS: number;
  readonly now?: () => Date;
}

const RETRY_MS = 200;

/** Where a lock lies, and what its owner does, for the message to whoever comes second. */
interface LockPlace {
  readonly lockPath: string;
  readonly lockNotePath: string;
  /** Folder for a lock file that is being made. */
  readonly drafts: string;
  readonly does: string;
}

function placeOf({ lockPath, lockNotePath, tmp }: StorePaths): LockPlace {
  return { lockPath, lockNotePath, drafts: tmp, does: 'is writing to this store' };
}

/** The judge waits for others for hours, so it has a lock of its own and takes the store's only to publish. */
function judgePlaceOf({ directory }: StorePaths): LockPlace {
  const folder = join(directory, 'judge');
  return {
    lockPath: join(folder, 'lock.duckdb'),
    lockNotePath: join(folder, 'lock.json'),
    drafts: folder,
    does: 'is judging sessions of this store',
  };
}

/**
 * The lock is the kernel's, on a DuckDB file that is held open: it ends with the process however that ends, and a stopped process
 * keeps it. The kernel keeps it per process and drops it as soon as this process closes the file elsewhere, so nobody
 * else here may open that file, and this map stands for the second caller of the same process.
 */
const held = new Map<string, DuckDBInstance | null>();

/**
 * Takes the lock, then clears away what dead runs left (all of `tmp`). SeshError with exit code 75 when another
 * program writes to the store.
 */
export async function acquireLock(store: Store, command: string, options: LockOptions): Promise<Lock> {
  return await acquire(placeOf(store), command, options, async () => await settleStore(store));
}

/** Takes the lock of the one judge: of the ledger, not of the tables. SeshError with exit code 75 when there is another. */
export async function acquireJudgeLock(store: Store, options: LockOptions): Promise<Lock> {
  const place = judgePlaceOf(store);
  return await acquire(place, 'judge', options, async () => await removeDrafts(place));
}

async function acquire(
  place: LockPlace,
  command: string,
  options: LockOptions,
  settle: () => Promise<void>,
): Promise<Lock> {
  const deadline = performance.now() + options.waitS * 1000;
  while (!(await take(place))) {
    const left_ms = deadline - performance.now();
    if (left_ms <= 0) throw await lockedBy(place);
    await sleep(Math.min(RETRY_MS, left_ms));
  }
  try {
    const now = options.now ?? ((): Date => new Date());
    const note = { pid: process.pid, host: hostname(), command, since: now().toISOString() };
    await writeCacheFile(place.lockNotePath, `${JSON.stringify(note)}\n`);
    await settle();
  } catch (error) {
    free(place);
    throw error;
  }
  return { release: async () => await release(place) };
}

/** What a run left that was killed while it made the lock file. */
async function removeDrafts({ drafts }: LockPlace): Promise<void> {
  for (const name of await readdir(drafts)) if (draftName.test(name)) await removeFile(join(drafts, name));
}

/** Whether this process is the writer. */
export function holdsLock(store: StorePaths): boolean {
  return held.has(store.lockPath);
}

async function release(place: LockPlace): Promise<void> {
  if (!held.has(place.lockPath)) return;
  try {
    await removeFile(place.lockNotePath);
  } finally {
    free(place);
  }
}

async function take(place: LockPlace): Promise<boolean> {
  const { lockPath } = place;
  if (held.has(lockPath)) return false;
  held.set(lockPath, null); // before the first wait, so that two callers of this process cannot both go on
  try {
    const instance = await openLockFile(place);
    if (instance === null) held.delete(lockPath);
    else held.set(lockPath, instance);
    return instance !== null;
  } catch (error) {
    held.delete(lockPath);
    throw error;
  }
}

function free({ lockPath }: LockPlace): void {
  held.get(lockPath)?.closeSync();
  held.delete(lockPath);
}

const draftName = /^lock-[0-9a-f-]{36}\.duckdb$/;

/** Null when another process has it. */
async function openLockFile(place: LockPlace): Promise<DuckDBInstance | null> {
  const { DuckDBInstance } = await import('./duck.ts');
  const settings = { ...engineSettings, threads: '1' };
  await ensureLockFile(place, async (path) => (await DuckDBInstance.create(path, settings)).closeSync());
  try {
    return await explaining(place.lockPath, async () => await DuckDBInstance.create(place.lockPath, settings));
  } catch (error) {
    if (/Could not set lock on file|being used by another process/.test(messageOf(error))) return null;
    if (error instanceof SeshError) throw error;
    throw new SeshError(`Cannot open the lock ${place.lockPath}: ${messageOf(error)}`, {
      hint: `When no sesh is running, remove ${place.lockPath} and run the command again.`,
      cause: error,
    });
  }
}
/**
 * Makes the lock file whole under another name first: a file that a crash left half-made under its own name could neither be opened nor,
 * since somebody might hold it, be replaced.
 */
async function ensureLockFile(place: LockPlace, makeDatabase: (path: string) => Promise<void>): Promise<void> {
  if (await exists(place.lockPath)) return;
  const draft = join(place.drafts, `lock-${randomUUID()}.duckdb`);
  try {
    await makeDirectory(place.drafts);
    await writeWithDuck(draft, async () => {
      await makeDatabase(draft);
    });
    await writeFileIfAbsent(place.lockPath, await readFile(draft));
    await removeFile(draft);
  } catch (error) {
    // A faster process may hold the lock by now and have cleared drafts, this one with them.
    if (!(await exists(place.lockPath))) throw error;
  }
}

async function lockedBy(place: LockPlace): Promise<SeshError> {
  const note = asObject(parseJson(await readFile(place.lockNotePath, 'utf8').catch(() => '')));
  const pid = asNumber(note?.['pid']);
  const who =
    note === null || pid === null
      ? ''
      : ` (${asText(note['command']) ?? 'unknown command'}, pid ${pid}${elsewhere(asText(note['host']))}, since ${asText(note['since']) ?? 'unknown'})`;
  return new SeshError(`Another sesh${who} ${place.does}.`, {
    hint: 'Run the command again when it has finished.',
    exitCode: exitCode.locked,
  });
}

function elsewhere(host: string | null): string {
  return host === null || host === hostname() ? '' : ` on ${host}`;
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
