import fs from 'node:fs';
import path from 'node:path';

export const LINKED_BY_ANOTHER = "is a hard link to another person's file";

/** A hard link that somebody made to a file which is not theirs: their folder would tell what they may not read. */
export function isLinkedByAnother(file: string, status: Pick<fs.BigIntStats, 'nlink' | 'uid'>): boolean {
  if (status.nlink <= 1n) return false;
  const folder = statusOf(path.dirname(file));
  return folder !== null && folder.uid !== status.uid && folder.uid !== ROOT;
}

const ROOT = 0n;

function statusOf(folder: string): fs.BigIntStats | null {
  try {
    return fs.lstatSync(folder, { bigint: true });
  } catch {
    return null; // Gone, or closed to us: then nobody reads through it.
  }
}

/** Whether the open file lies at this path, no folder above it being a link. The kernel tells in one step, where it can. */
export function isPlaceOf(file: string, descriptor: number): boolean {
  const told = process.platform === 'linux' ? kernelPath(descriptor) : null;
  // Disks that make no difference between capitals and small letters give back the name that they keep; a link may only look like that.
  if (told !== null) return told === file || (told.toLowerCase() === file.toLowerCase() && realPath(file) === file);
  return process.platform === 'win32' || realPath(file) === file;
}

function kernelPath(descriptor: number): string | null {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return null; // No /proc here.
  }
}

function realPath(file: string): string | null {
  try {
    return fs.realpathSync(file);
  } catch {
    return null; // Moved meanwhile.
  }
}
