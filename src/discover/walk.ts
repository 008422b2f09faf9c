import fs from 'node:fs';
import path from 'node:path';
import { errnoOf } from '../core/errors.ts';
import { step } from '../rehearsal/step.ts';

export interface WalkedFile {
  /** Absolute. */
  readonly path: string;
  /** From the root, with `/` separators. */
  readonly relative: string;
}

export interface WalkProblem {
  readonly path: string;
  readonly reason: string;
}

/** Regular files below `root`, in the order of their names' bytes; links are not followed, so there are no cycles. */
export function walk(root: string, problems: WalkProblem[]): readonly WalkedFile[] {
  const files: WalkedFile[] = [];
  const folders: { readonly path: string; readonly relative: string }[] = [{ path: root, relative: '' }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const above = folder.path.endsWith(path.sep) ? folder.path : `${folder.path}${path.sep}`;
    for (const entry of list(folder.path, problems)) {
      const place = {
        path: `${above}${entry.name}`,
        relative: folder.relative === '' ? entry.name : `${folder.relative}/${entry.name}`,
      };
      if (isNoText(place.path)) problems.push({ path: place.path, reason: 'its name is not UTF-8' });
      else if (entry.isDirectory()) folders.push(place);
      else if (entry.isFile()) files.push(place);
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A name of other bytes than UTF-8 is read with marks in their place, and nothing has the name that comes out. */
function isNoText(place: string): boolean {
  return place.includes('\uFFFD') && !fs.existsSync(place);
}

function list(folder: string, problems: WalkProblem[]): readonly fs.Dirent[] {
  try {
    step('list:before');
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const reason = errnoOf(error);
    // A folder that vanished between listing and opening is not a problem; one that may not be read is.
    if (reason !== 'ENOENT' && reason !== 'ENOTDIR') problems.push({ path: folder, reason: reason ?? 'unreadable' });
    return [];
  }
}
