import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, SeshError } from '../core/errors.ts';
import { makeDirectory, writeFileDurably } from '../lake/files.ts';

interface ReportFiles {
  readonly directory: string;
  /** `2026-02-11`: the name of both files. */
  readonly date: string;
  readonly markdown: string;
  /** What the `.json` holds. */
  readonly json: object;
}

export interface WrittenReport {
  readonly markdownPath: string;
  readonly jsonPath: string;
}

/**
 * Writes `<date>.md` and `<date>.json`, each at once or not at all, readable by the owner only. The page comes last: where it is,
 * its figures are too. Refuses a folder in which everybody may put files in place of ours.
 */
export async function writeReport({ directory, date, markdown, json }: ReportFiles): Promise<WrittenReport> {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new TypeError(`Expected a date such as 2026-02-11, got "${date}"`);
  await makeDirectory(directory);
  await refuseOpenDirectory(directory);
  const markdownPath = join(directory, `${date}.md`);
  const jsonPath = join(directory, `${date}.json`);
  await writeFileDurably(jsonPath, `${JSON.stringify(json, null, 2)}\n`);
  await writeFileDurably(markdownPath, markdown);
  return { markdownPath, jsonPath };
}

const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

async function refuseOpenDirectory(directory: string): Promise<void> {
  const { mode } = await lstat(`${directory}/`).catch((error: unknown) => {
    throw new SeshError(`${directory} cannot be looked at: ${errnoOf(error) ?? 'unknown error'}.`, { cause: error });
  });
  if ((mode & WRITABLE_BY_ALL) === 0 || (mode & STICKY) !== 0) return;
  throw new SeshError(`Everybody can change files in ${directory}, so no report is written there.`, {
    hint: `Run \`chmod o-w\` on the folder, or choose another one with --out.`,
  });
}
