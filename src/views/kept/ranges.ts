/** A file of the table `events` with its part of the session hash: bucket `bucket` of `buckets`. */
export interface EventFile {
  readonly path: string;
  /** Below the table's folder; it holds the hash of the file's bytes, so equal names are equal rows. */
  readonly name: string;
  readonly bucket: number;
  readonly buckets: number;
  readonly records: number;
}

/** A part of all sessions, by their hash: all events of these sessions lie in these files. */
export interface Range {
  readonly index: number;
  readonly files: readonly EventFile[];
}

const MAX_RANGES = 64;
const CLUSTER_BITS = 32;
/** What finding friction and its like takes for each event of the process, which is more than the engine counts: measured, 900 to 1,300 bytes. */
const BYTES_PER_EVENT = 1280;

/** As many as the finest month has files, so that a file that changes touches one range where it can. */
export function rangesOf(files: readonly EventFile[]): readonly Range[] {
  const count = rangeCount(files);
  return Array.from({ length: count }, (_, index) => ({
    index,
    files: files.filter(
      ({ bucket, buckets }) => bucket * count < (index + 1) * buckets && index * buckets < (bucket + 1) * count,
    ),
  }));
}

function rangeCount(files: readonly EventFile[]): number {
  return Math.min(MAX_RANGES, Math.max(1, ...files.map(({ buckets }) => buckets)));
}

/** The range of a row, in SQL. */
export function rangeOfCluster(cluster: string, count: number): string {
  return `cast(${cluster} >> ${CLUSTER_BITS - Math.log2(count)} as integer)`;
}

/** Cuts ranges into groups that are built one after the other, so that memory does not grow with the store. */
export function grouped(ranges: readonly Range[], memoryBytes: number): readonly (readonly Range[])[] {
  const groupRows = memoryBytes / BYTES_PER_EVENT;
  const groups: Range[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const range of ranges) {
    const records = range.files.reduce((sum, file) => sum + file.records, 0);
    if (rows + records > groupRows) {
      groups.push([]);
      rows = 0;
    }
    groups.at(-1)?.push(range);
    rows += records;
  }
  return groups;
}
