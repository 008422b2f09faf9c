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
  /** The picture beside the page; null for none. */
  readonly chart: string | null;
}

export interface WrittenReport {
  readonly markdownPath: string;
  readonly jsonPath: string;
}

/** The picture's name, as the page refers to it. */
export function chartName(date: string): string {
  return `${date}.svg`;
}

/**
 * Writes `<date>.md`, `<date>.json` and `<date>.svg`, each at once or not at all, readable by the owner only. The page comes last:
 * where it is, its figures and picture are too. Refuses a folder in which everybody may put files in place of ours.
 */
export async function writeReport({ directory, date, markdown, json, chart }: ReportFiles): Promise<WrittenReport> {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new TypeError(`Expected a date such as 2026-02-11, got "${date}"`);
  await makeDirectory(directory);
  await refuseOpenDirectory(directory);
  const markdownPath = join(directory, `${date}.md`);
  const jsonPath = join(directory, `${date}.json`);
  await writeFileDurably(jsonPath, `${JSON.stringify(json, null, 2)}\n`);
  if (chart !== null) await writeFileDurably(join(directory, chartName(date)), chart);
  await writeFileDurably(markdownPath, markdown);
  return { markdownPath, jsonPath };
}

const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/** Refuses a folder in which everybody may put files in place of ours. */
export async function refuseOpenDirectory(directory: string): Promise<void> {
  const { mode } = await lstat(`${directory}/`).catch((error: unknown) => {
    throw new SeshError(`${directory} cannot be looked at: ${errnoOf(error) ?? 'unknown error'}.`, { cause: error });
  });
  if ((mode & WRITABLE_BY_ALL) === 0 || (mode & STICKY) !== 0) return;
  throw new SeshError(`Everybody can change files in ${directory}, so nothing is written there.`, {
    hint: `Run \`chmod o-w\` on the folder, or choose another one with --out or --issues.`,
  });
}
