import { formatCount } from '../core/figures.ts';
import { formatDuration } from '../core/time.ts';

/** How long sessions were active; seconds, null where there is no session. */
export interface ActiveTime {
  readonly sessions: number;
  readonly median_s: number | null;
  readonly p90_s: number | null;
  readonly longest_s: number | null;
}

export interface Bucket {
  /** Seconds of active time from which, and to which (null: no end), itself left out. */
  readonly from_s: number;
  readonly to_s: number | null;
  readonly sessions: number;
}

/** Seconds at which the bars of the histogram begin. */
const BOUNDS = [0, 60, 300, 900, 3600, 14_400];
const BAR_WIDTH = 30;

export function activeTime(seconds: readonly number[]): ActiveTime {
  const sorted = seconds.toSorted((a, b) => a - b);
  return {
    sessions: sorted.length,
    median_s: nearestRank(sorted, 0.5),
    p90_s: nearestRank(sorted, 0.9),
    longest_s: sorted.at(-1) ?? null,
  };
}

export function bucketsOf(seconds: readonly number[]): readonly Bucket[] {
  return BOUNDS.map((from_s, index) => {
    const to_s = BOUNDS[index + 1] ?? null;
    const sessions = seconds.filter((active) => active >= from_s && (to_s === null || active < to_s)).length;
    return { from_s, to_s, sessions };
  });
}

export function activeTimeText({ sessions, median_s, p90_s, longest_s }: ActiveTime): string {
  if (median_s === null || p90_s === null || longest_s === null) return 'No session in this time.';
  const [half, most, longest] = [median_s, p90_s, longest_s].map(formatDuration);
  return `${formatCount(sessions)} sessions: half up to ${half}, nine in ten up to ${most}, longest ${longest}`;
}

/** A bar a bucket; the longest has 30 characters, and the smallest part is still seen. */
export function histogram(buckets: readonly Bucket[]): readonly string[] {
  const most = Math.max(...buckets.map(({ sessions }) => sessions), 1);
  const names = buckets.map(bucketName);
  const width = Math.max(...names.map((name) => name.length));
  return buckets.map(({ sessions }, index) => {
    const length = sessions === 0 ? 0 : Math.max(1, Math.round((sessions / most) * BAR_WIDTH));
    const bar = [...(length === 0 ? [] : ['#'.repeat(length)]), formatCount(sessions)].join(' ');
    return `  ${(names[index] ?? '').padEnd(width)}  ${bar}`;
  });
}

/** The smallest value that at least this share of the values does not exceed: always a value that occurred. */
function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}

function bucketName({ from_s, to_s }: Bucket): string {
  if (to_s === null) return `${short(from_s)} and more`;
  return from_s === 0 ? `below ${short(to_s)}` : `${short(from_s)} to ${short(to_s)}`;
}

function short(seconds: number): string {
  return formatDuration(seconds).replace(/ 00 (s|min)$/, '');
}
