import { bucketCount, bucketOfStep } from './layout.ts';
import type { DataFile } from './log.ts';

/** Rows of one stage file that fall into one month and one step of the finest layout. */
export interface StagedRows {
  readonly file: string;
  readonly month: string;
  readonly step: number;
  readonly rows: number;
}

export interface PublishedFile {
  readonly file: DataFile;
  readonly month: string;
  readonly bucket: number;
  readonly buckets: number;
  /** Rows of sources that are derived again. */
  readonly outdated: number;
}

export interface Bucket {
  readonly month: string;
  readonly bucket: number;
  readonly buckets: number;
  readonly stageFiles: readonly string[];
  readonly publishedFiles: readonly PublishedFile[];
  /** The one file that may already hold just what would be written: as many rows are new as are outdated. */
  readonly perhapsSame: PublishedFile | null;
}

/**
 * The bucket files that have to be written: of a month whose number of buckets changes all, else those with new or outdated rows;
 * every one when the columns of the table have changed.
 */
export function planBuckets(
  staged: readonly StagedRows[],
  published: readonly PublishedFile[],
  rewriteAll: boolean,
): readonly Bucket[] {
  const months = [...new Set([...staged.map(({ month }) => month), ...published.map(({ month }) => month)])].sort();
  return months.flatMap((month) =>
    planMonth(
      month,
      staged.filter((rows) => rows.month === month),
      published.filter((file) => file.month === month),
      rewriteAll,
    ),
  );
}

function planMonth(
  month: string,
  staged: readonly StagedRows[],
  published: readonly PublishedFile[],
  rewriteAll: boolean,
): readonly Bucket[] {
  const outdated = sum(published.map((file) => file.outdated));
  if (staged.length === 0 && outdated === 0 && !rewriteAll) return [];
  const rows = sum(staged.map((part) => part.rows)) + sum(published.map(({ file }) => file.records)) - outdated;
  const buckets = bucketCount(rows);
  const sameLayout = published.every((file) => file.buckets === buckets);
  const planned: Bucket[] = [];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const fresh = staged.filter((part) => bucketOfStep(part.step, buckets) === bucket);
    const before = sameLayout ? published.filter((file) => file.bucket === bucket) : published;
    const touched = rewriteAll || !sameLayout || fresh.length > 0 || before.some((file) => file.outdated > 0);
    if (touched)
      planned.push({
        month,
        bucket,
        buckets,
        stageFiles: [...new Set(fresh.map(({ file }) => file))],
        publishedFiles: before,
        perhapsSame: rewriteAll || !sameLayout ? null : perhapsSame(fresh, before),
      });
  }
  return planned;
}

function perhapsSame(fresh: readonly StagedRows[], before: readonly PublishedFile[]): PublishedFile | null {
  const [file, ...others] = before;
  return file !== undefined && others.length === 0 && file.outdated === sum(fresh.map(({ rows }) => rows))
    ? file
    : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
