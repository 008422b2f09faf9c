/** Rows that one bucket file should hold: small enough that a grown session rewrites little. */
const ROWS_PER_BUCKET = 8192;
const MAX_SMALL_BUCKETS = 256;
/** Past 256 buckets a month, files grow first; past this many rows a file, buckets grow again. */
const ROWS_PER_LARGE_BUCKET = 65_536;
const MAX_BUCKETS = 4096;
const CLUSTER_BITS = 32;

/** Bits of the cluster hash that the finest layout looks at. */
export const HISTOGRAM_SHIFT = CLUSTER_BITS - Math.log2(MAX_BUCKETS);

/** How many bucket files a month of `rows` events has: a power of two, decided by nothing but the number of rows. */
export function bucketCount(rows: number): number {
  const small = powerOfTwoAtLeast(rows / ROWS_PER_BUCKET);
  if (small <= MAX_SMALL_BUCKETS) return small;
  return Math.min(MAX_BUCKETS, Math.max(MAX_SMALL_BUCKETS, powerOfTwoAtLeast(rows / ROWS_PER_LARGE_BUCKET)));
}

/** Which bucket of its month a file of `events` is, of how many. */
export function bucketOf({ tags }: { readonly tags: Readonly<Record<string, string>> }): {
  readonly bucket: number;
  readonly buckets: number;
} {
  const [bucket = 0, buckets = 1] = (tags['bucket'] ?? '0/1').split('/').map(Number);
  return { bucket, buckets };
}

/** The first cluster hash of a bucket, and the first one after it. */
export function clusterRange(bucket: number, buckets: number): { readonly from: number; readonly to: number } {
  const width = 2 ** CLUSTER_BITS / buckets;
  return { from: bucket * width, to: (bucket + 1) * width };
}

/** The bucket of a step of the histogram (`cluster >> HISTOGRAM_SHIFT`). */
export function bucketOfStep(step: number, buckets: number): number {
  return Math.floor(step / (MAX_BUCKETS / buckets));
}

function powerOfTwoAtLeast(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}
