import { lstat, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errnoOf } from '../core/errors.ts';
import { compareText } from './log/actions.ts';

export interface TreeEntry {
  /** Relative to the folder that was listed, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
  readonly sizeBytes: number;
  readonly mode: number;
  readonly modifiedMs: number;
}

/** All that lies under the folder, sorted by path, following no link; what vanishes meanwhile is left out. */
export async function listTree(directory: string): Promise<readonly TreeEntry[]> {
  const found: TreeEntry[] = [];
  const waiting = [directory];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const name of (await unlessGone(readdir(folder))) ?? []) {
      const path = join(folder, name);
      const entry = await describe(directory, path);
      if (entry === null) continue;
      found.push(entry);
      if (entry.kind === 'directory') waiting.push(path);
    }
  }
  return found.sort((a, b) => compareText(a.path, b.path));
}

async function describe(directory: string, path: string): Promise<TreeEntry | null> {
  const found = await unlessGone(lstat(path));
  if (found === null) return null;
  const kind = found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other';
  return {
    path: relative(directory, path).split(sep).join('/'),
    kind,
    sizeBytes: kind === 'file' ? found.size : 0,
    mode: found.mode & 0o777,
    modifiedMs: found.mtimeMs,
  };
}

async function unlessGone<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}
