import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, SeshError } from '../../core/errors.ts';
import { makeDirectory, writeFileDurably } from '../../lake/files.ts';
import type { Report } from '../value.ts';
import { refuseOpenDirectory } from '../write.ts';
import type { IssueKinds } from './candidate.ts';
import { draftText, hasStatus, isUntouched, statusLine, withStatus } from './draft.ts';

/** Names of the files, by what became of them. */
export interface WrittenDrafts {
  readonly written: readonly string[];
  /** Kinds that a fix ended, whose draft got its status. */
  readonly fixed: readonly string[];
  /** Drafts that a person changed; only their status line follows the store. */
  readonly kept: readonly string[];
}

/**
 * One file for each kind of friction that is worth an issue, in this folder and nowhere else. A draft that a person changed is
 * left alone, a kind that was fixed is marked in its file and not written again, and a link is never followed.
 */
export async function writeDrafts(directory: string, issues: IssueKinds, report: Report): Promise<WrittenDrafts> {
  await makeDirectory(directory);
  await refuseOpenDirectory(directory);
  const written: string[] = [];
  const fixed: string[] = [];
  const kept: string[] = [];
  for (const kind of issues.candidates) {
    const file = fileOf(kind.name);
    const path = join(directory, file);
    const old = await readOwn(path);
    if (old !== null && !isUntouched(old)) {
      kept.push(file);
      if (kind.status === 'reopened' && !hasStatus(old, 'reopened')) {
        await writeFileDurably(path, withStatus(old, statusLine('reopened', kind.fixId)));
      }
      continue;
    }
    const text = draftText(kind, report);
    written.push(file);
    if (text !== old) await writeFileDurably(path, text);
  }
  for (const { name, fixId } of issues.fixed) {
    const file = fileOf(name);
    const path = join(directory, file);
    const old = await readOwn(path);
    if (old === null) continue;
    fixed.push(file);
    if (!hasStatus(old, 'fixed')) await writeFileDurably(path, withStatus(old, statusLine('fixed', fixId)));
  }
  return { written, fixed, kept };
}

/** A name is made of the category's letters and a hash; anything else is a mistake in the program. */
function fileOf(name: string): string {
  if (!/^[a-z0-9_]{1,40}-[0-9a-f]{8}$/.test(name)) throw new TypeError(`Expected the name of a draft, got "${name}"`);
  return `${name}.md`;
}

/** What a file of ours holds; null when there is none, or something else (a link, a folder) has its name. */
async function readOwn(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return (await file.stat()).isFile() ? await file.readFile('utf8') : null;
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = errnoOf(error);
    if (reason === 'ENOENT' || reason === 'ELOOP' || reason === 'EMLINK') return null;
    throw new SeshError(`${path} cannot be read (${reason ?? 'unknown error'}).`, { cause: error });
  }
}
