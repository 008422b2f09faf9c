import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, mkdtemp, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, SeshError } from '../core/errors.ts';
import { explaining } from './disk-error.ts';
import { step } from '../rehearsal/step.ts';

/**
 * The one module that writes to disk. Every file gets mode 0600 and every folder 0700 whatever the umask, every function is
 * atomic and durable unless it says otherwise, every change passes `step`, and every failure is a SeshError that names the path.
 */

/** A list is written one after the other. */
type Content = string | Uint8Array | readonly Uint8Array[];

export interface Adoption {
  readonly from: string;
  readonly to: string;
}

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const SYNCS_AT_ONCE = 8;

/** What this module calls its unfinished files; a name of this shape that nobody is writing is a dead run's. */
export const temporaryName = /^\.sesh-[0-9a-f]{16}\.tmp$/;

/** Creates the folder and its missing parents. */
export async function makeDirectory(path: string): Promise<void> {
  await explaining(path, async () => {
    step('mkdir:before');
    const first = await mkdir(path, { recursive: true, mode: PRIVATE_DIRECTORY });
    if (first !== undefined) await syncParents(first, path);
    step('mkdir:after');
  });
}

/** Creates a folder of its own with this beginning, for what lives no longer than the run. */
export async function makeTemporaryDirectory(prefix: string): Promise<string> {
  return await explaining(prefix, async () => {
    step('mkdir:before');
    const path = await mkdtemp(prefix); // 0700
    step('mkdir:after');
    return path;
  });
}

/** Puts the content in place of whatever the path held: a reader sees the old or the new bytes, also after a power cut. */
export async function writeFileDurably(path: string, content: Content): Promise<void> {
  await replace(path, content, true);
}

/** As `writeFileDurably` but without waiting for the disk: for what can be made again and is checked when read. */
export async function writeCacheFile(path: string, content: Content): Promise<void> {
  await replace(path, content, false);
}

/** Writes the file only when nothing has the name yet; false when something has. Of two racing callers one gets true. */
export async function writeFileIfAbsent(path: string, content: Content): Promise<boolean> {
  return await explaining(path, async () => {
    step('create:before');
    return await withTemporary(path, content, true, async (temporary) => {
      if (!(await linkIfAbsent(temporary, path, () => step('create:temp')))) return false;
      step('create:linked');
      await rm(temporary, { force: true });
      await syncDirectory(dirname(path));
      step('create:after');
      return true;
    });
  });
}

/** Writes the chunks into a new file; false when something has the name. A file that is cut short never has it. Returns the bytes. */
export async function writeNewFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number | false> {
  return await explaining(path, async () => {
    step('new:before');
    if (await exists(path)) return false;
    let bytes = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        yield chunk;
        step('new:written');
        bytes += chunk.length;
      }
    };
    const isOurs = await withTemporary(path, counted(), true, async (temporary) => {
      if (!(await linkIfAbsent(temporary, path, () => step('new:temp')))) return false;
      step('new:linked');
      await syncDirectory(dirname(path));
      step('new:after');
      return true;
    });
    return isOurs && bytes;
  });
}

/** Stands around DuckDB's writing of a file in tmp, which neither is atomic nor waits for the disk: adopt the file afterwards. */
export async function writeWithDuck<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  return await explaining(path, async () => {
    step('copy:before');
    const result = await write();
    step('copy:after');
    return result;
  });
}

/** Makes a file that DuckDB wrote durable and moves it to its place; `to` replaces a file of that name. Same disk only. */
export async function adoptFile(from: string, to: string): Promise<void> {
  await adoptFiles([{ from, to }]);
}

/** `adoptFile` for many: all bytes are safe before the first gets its name, and each folder is synced once. */
export async function adoptFiles(adoptions: readonly Adoption[]): Promise<void> {
  const folders = [...new Set(adoptions.map(({ to }) => dirname(to)))];
  for (const folder of folders) await makeDirectory(folder);
  await explaining(folders.join(', '), async () => {
    step('adopt:before');
    await syncFiles(adoptions.map(({ from }) => from));
    step('adopt:synced');
    for (const { from, to } of adoptions) {
      await renameOnDisk(from, to);
      step('adopt:renamed');
    }
    for (const folder of folders) await syncDirectory(folder);
    step('adopt:after');
  });
}

/** Removes the file; fine when it is already gone. */
export async function removeFile(path: string): Promise<void> {
  await remove(path, false);
}

/** Removes the folder with all that is in it, following no link; fine when it is already gone. */
export async function removeTree(path: string): Promise<void> {
  await remove(path, true);
}

/** Adds one line to the end of a log; a line that an earlier crash cut short stays a line of its own. */
export async function appendLine(path: string, line: string): Promise<void> {
  await explaining(path, async () => {
    step('append:before');
    const file = await open(path, 'a+', PRIVATE_FILE);
    try {
      await file.appendFile((await endsInMidLine(file)) ? `\n${line}\n` : `${line}\n`);
      step('append:written');
      await syncContent(file);
    } finally {
      await file.close();
    }
    step('append:after');
  });
}

async function replace(path: string, content: Content, durable: boolean): Promise<void> {
  await explaining(path, async () => {
    step('write:before');
    await withTemporary(path, content, durable, async (temporary) => {
      step('write:temp');
      await renameOnDisk(temporary, path);
      step('write:renamed');
      if (durable) await syncDirectory(dirname(path));
      step('write:after');
    });
  });
}

/** The temporary file lies in the target's folder, so that the rename stays on one disk; it is gone afterwards in any case. */
async function withTemporary<Result>(
  path: string,
  content: Content | AsyncIterable<Uint8Array>,
  durable: boolean,
  use: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const temporary = join(dirname(path), `.sesh-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', PRIVATE_FILE);
    try {
      const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for await (const piece of pieces) await file.writeFile(piece); // writes on until every byte is taken
      if (durable) await syncContent(file);
    } finally {
      await file.close();
    }
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Some disks (exFAT, some network shares) know no hard links; there the lock alone keeps a second writer away. */
const noHardLinks: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function linkIfAbsent(from: string, to: string, reached: () => void): Promise<boolean> {
  try {
    reached();
    await link(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (!noHardLinks.has(errnoOf(error))) throw error;
  }
  if (await exists(to)) return false;
  await rename(from, to);
  return true;
}

async function renameOnDisk(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error;
    throw new SeshError(
      `${dirname(from)} and ${dirname(to)} lie on different disks, so files cannot be moved in one step.`,
      {
        hint: 'Keep the whole store on one disk: no folder of it may be a mount or a link to another one.',
        cause: error,
      },
    );
  }
}

async function remove(path: string, recursive: boolean): Promise<void> {
  await explaining(path, async () => {
    step('remove:before');
    await rm(path, { force: true, recursive });
    step('remove:after');
  });
}

/** A sync that failed is never tried again: the kernel may have dropped the bytes and would call the second try a success. */
async function syncContent(file: FileHandle): Promise<void> {
  step('sync:file');
  await file.sync();
}

async function syncFiles(paths: readonly string[]): Promise<void> {
  const waiting = paths.values();
  const syncRest = async (): Promise<void> => {
    for (const path of waiting) await syncFile(path);
  };
  await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncRest));
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.chmod(PRIVATE_FILE);
    await syncContent(file);
  } finally {
    await file.close();
  }
}

/** A new folder outlives a power cut only when the folder above it is synced too. */
async function syncParents(first: string, last: string): Promise<void> {
  for (let path = last; path.length >= first.length; path = dirname(path)) await syncDirectory(dirname(path));
}

/** Network disks and Windows cannot sync a folder; there the file's own sync has to do. */
const noDirectorySync: ReadonlySet<string | undefined> = new Set([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EISDIR',
  'EPERM',
]);

let foldersAreSynced = true;

/** What the person should know about the disk that was written to. */
export function diskWarnings(): readonly string[] {
  if (foldersAreSynced) return [];
  return [
    'The disk of the store cannot sync folders: after a power cut the last run may be missing, never half there.',
  ];
}

async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      step('sync:folder');
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    if (!noDirectorySync.has(errnoOf(error))) throw error;
    foldersAreSynced = false;
  }
}

async function endsInMidLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
