import { randomUUID } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { exitCode, messageOf, SeshError } from '../core/errors.ts';
import { asNumber, asObject, asText } from '../core/json.ts';
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
  const deadline = performance.now() + options.waitS * 1000;
  while (!(await take(store))) {
    const left_ms = deadline - performance.now();
    if (left_ms <= 0) throw await lockedBy(store);
    await sleep(Math.min(RETRY_MS, left_ms));
  }
  try {
    const now = options.now ?? ((): Date => new Date());
    const note = { pid: process.pid, host: hostname(), command, since: now().toISOString() };
    await writeCacheFile(store.lockNotePath, `${JSON.stringify(note)}\n`);
    await settleStore(store);
  } catch (error) {
    free(store);
    throw error;
  }
  return { release: async () => await release(store) };
}

/** Whether this process is the writer. */
export function holdsLock(store: StorePaths): boolean {
  return held.has(store.lockPath);
}

async function release(store: Store): Promise<void> {
  if (!holdsLock(store)) return;
  try {
    await removeFile(store.lockNotePath);
  } finally {
    free(store);
  }
}

async function take(store: Store): Promise<boolean> {
  if (held.has(store.lockPath)) return false;
  held.set(store.lockPath, null); // before the first wait, so that two callers of this process cannot both go on
  try {
    const instance = await openLockFile(store);
    if (instance === null) held.delete(store.lockPath);
    else held.set(store.lockPath, instance);
    return instance !== null;
  } catch (error) {
    held.delete(store.lockPath);
    throw error;
  }
}

function free(store: StorePaths): void {
  held.get(store.lockPath)?.closeSync();
  held.delete(store.lockPath);
}

/** Null when another process has it. */
async function openLockFile(store: Store): Promise<DuckDBInstance | null> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  await ensureLockFile(store, async (path) => (await DuckDBInstance.create(path, { threads: '1' })).closeSync());
  try {
    return await DuckDBInstance.create(store.lockPath, { threads: '1' });
  } catch (error) {
    if (/Could not set lock on file|being used by another process/.test(messageOf(error))) return null;
    throw new SeshError(`Cannot open the lock ${store.lockPath}: ${messageOf(error)}`, {
      hint: `When no sesh is running, remove ${store.lockPath} and run the command again.`,
      cause: error,
    });
  }
}
/**
 * Makes the lock file whole under another name first: a file that a crash left half-made under its own name could neither be opened nor,
 * since somebody might hold it, be replaced.
 */
async function ensureLockFile(store: Store, makeDatabase: (path: string) => Promise<void>): Promise<void> {
  if (await exists(store.lockPath)) return;
  const draft = join(store.tmp, `lock-${randomUUID()}.duckdb`);
  try {
    await makeDirectory(store.tmp);
    await writeWithDuck(draft, async () => {
      await makeDatabase(draft);
    });
    await writeFileIfAbsent(store.lockPath, await readFile(draft));
    await removeFile(draft);
  } catch (error) {
    // A faster process may hold the lock by now and have cleared tmp, the draft with it.
    if (!(await exists(store.lockPath))) throw error;
  }
}

async function lockedBy(store: StorePaths): Promise<SeshError> {
  const note = asObject(parseJson(await readFile(store.lockNotePath, 'utf8').catch(() => '')));
  const pid = asNumber(note?.['pid']);
  const who =
    note === null || pid === null
      ? ''
      : ` (${asText(note['command']) ?? 'unknown command'}, pid ${pid}${elsewhere(asText(note['host']))}, since ${asText(note['since']) ?? 'unknown'})`;
  return new SeshError(`Another sesh${who} is writing to this store.`, {
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
