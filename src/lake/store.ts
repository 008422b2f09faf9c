import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { errnoOf, SeshError } from '../core/errors.ts';
import { isObject, type Json } from '../core/json.ts';
import { makeDirectory, temporaryName, writeFileIfAbsent } from './files.ts';
import { warningsAbout } from './place.ts';
import { tables, type TableName } from './schema.ts';

/** The layout of the folders; a newer number means that this program must keep its hands off. */
const FORMAT = 1;
const STORE_FILE = 'store.json';

export interface StorePaths {
  readonly directory: string;
  readonly storeFile: string;
  /** Belongs to the owner of the lock; emptied whenever the lock is taken. Same disk as the tables. */
  readonly tmp: string;
  /** What can be made again from the tables. */
  readonly cache: string;
  /** A DuckDB file, held open by the one writer. */
  readonly lockPath: string;
  /** Says who holds the lock; for messages only. */
  readonly lockNotePath: string;
  /** One JSON line a run. */
  readonly runLogPath: string;
  readonly tablePath: (table: TableName) => string;
}

export interface Store extends StorePaths {
  /** Sentences about the folder that the person should read: open to others, owned by somebody else. */
  readonly warnings: readonly string[];
}

/** `$SESH_HOME`, else `$XDG_DATA_HOME/sesh`, else `~/.local/share/sesh`. A relative `$XDG_DATA_HOME` counts as unset, as its standard says. */
export function storeDirectory(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const own = env['SESH_HOME'] ?? '';
  if (own !== '') return resolve(own);
  const data = env['XDG_DATA_HOME'] ?? '';
  return join(isAbsolute(data) ? data : join(home, '.local', 'share'), 'sesh');
}

export function storePaths(directory: string): StorePaths {
  return {
    directory,
    storeFile: join(directory, STORE_FILE),
    tmp: join(directory, 'tmp'),
    cache: join(directory, 'cache'),
    lockPath: join(directory, 'lock.duckdb'),
    lockNotePath: join(directory, 'lock.json'),
    runLogPath: join(directory, 'runs.jsonl'),
    tablePath: (table) => join(directory, table),
  };
}

/** Opens the store, or makes an empty one. Refuses a folder that holds something else and a format that is newer than this program. */
export async function openStore(directory: string, options: { readonly create: boolean }): Promise<Store> {
  const paths = storePaths(directory);
  const text = (await readStoreFile(paths, options.create)) ?? (await createStore(paths));
  refuseOtherFormat(text, paths);
  if (options.create) {
    await makeDirectory(paths.tmp);
    await makeDirectory(paths.cache);
    await refuseTwoDisks(paths);
  }
  return { ...paths, warnings: await warningsAbout(directory) };
}

/** What runs leave unfinished when they are killed: all of `tmp`, and files that were never renamed. The lock's owner has none yet. */
export async function findLeftovers(paths: StorePaths): Promise<readonly string[]> {
  const logs = Object.values(tables).map(({ name }) => join(paths.tablePath(name), '_delta_log'));
  const found = (await list(paths.tmp)).map((name) => join(paths.tmp, name));
  for (const folder of [paths.directory, paths.cache, ...logs]) {
    for (const name of await list(folder)) if (temporaryName.test(name)) found.push(join(folder, name));
  }
  return found;
}

async function readStoreFile(paths: StorePaths, create: boolean): Promise<string | null> {
  try {
    return await readFile(paths.storeFile, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' && create) return null;
    if (errno === 'ENOENT') throw new SeshError(`No store yet at ${paths.directory}. Run \`sesh sync\` first.`);
    throw new SeshError(`Cannot read the store at ${paths.directory} (${errno ?? 'unknown error'}).`, {
      hint: 'Check that the folder belongs to you, or set SESH_HOME to another one.',
      cause: error,
    });
  }
}

/**
 * Files of others are never taken over: `tmp` in a home folder, say, would be emptied. Returns what the store's file says then: another
 * process may make the same store at the same moment.
 */
async function createStore(paths: StorePaths): Promise<string> {
  await makeDirectory(paths.directory);
  const foreign = (await list(paths.directory)).filter((name) => !temporaryName.test(name));
  if (foreign.length > 0 && !foreign.includes(STORE_FILE)) {
    throw new SeshError(`${paths.directory} is not a sesh store, and it is not empty.`, {
      hint: 'Set SESH_HOME to a new or an empty folder.',
    });
  }
  try {
    await writeFileIfAbsent(paths.storeFile, `${JSON.stringify({ format: FORMAT })}\n`);
  } catch (error) {
    // A faster process may hold the lock by now and have cleared our unfinished file away, as a dead run's.
    if (!(await list(paths.directory)).includes(STORE_FILE)) throw error;
  }
  return await readFile(paths.storeFile, 'utf8');
}

function refuseOtherFormat(text: string, paths: StorePaths): void {
  const format = formatOf(text);
  if (format === FORMAT) return;
  if (format !== null && format > FORMAT) {
    throw new SeshError(`The store at ${paths.directory} has format ${format}; this sesh knows format ${FORMAT}.`, {
      hint: 'Use the newer sesh that wrote it, or set SESH_HOME to another folder.',
    });
  }
  throw new SeshError(`${paths.storeFile} is damaged.`, {
    hint: `It must hold {"format":${FORMAT}}; write that into it if the folder is a store of this sesh.`,
  });
}

/** The number in store.json, or null when the text is not ours. */
export function formatOf(text: string): number | null {
  try {
    const json: Json = JSON.parse(text);
    const format = isObject(json) ? json['format'] : undefined;
    return typeof format === 'number' && Number.isInteger(format) && format > 0 ? format : null;
  } catch {
    return null;
  }
}

/** Publishing is a rename out of tmp, which must not turn into a copy. */
async function refuseTwoDisks(paths: StorePaths): Promise<void> {
  const { dev } = await stat(paths.tmp);
  for (const { name } of Object.values(tables)) {
    const device = await stat(paths.tablePath(name)).then(
      (found) => found.dev,
      () => dev,
    );
    if (device === dev) continue;
    throw new SeshError(`${paths.tmp} and ${paths.tablePath(name)} lie on different disks.`, {
      hint: 'Keep the whole store on one disk: no folder of it may be a mount or a link to another one.',
    });
  }
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
