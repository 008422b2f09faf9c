import path from 'node:path';
import type { Bucket, PublishedFile } from './buckets.ts';
import type { Deduplication } from './dedupe.ts';
import { parquet, identifier, literal } from './duck.ts';
import { allColumns, columnsLacking } from './evolution.ts';
import { clusterRange } from './layout.ts';
import type { Snapshot } from './log.ts';
import { tables } from './schema.ts';

/** Months have no time zone of their own: events without any time lie in this one. */
export const NO_MONTH = 'unknown';

const columns = tables.events.columns.map(({ name }) => name);
const patched = new Set([
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'reasoning_tokens',
  'response_count',
  'cost_usd_micros',
  'price_source',
]);

/** What the table gets of the staged rows: all of them, or those of one bucket. */
export function stagedPart(files: readonly string[], unique: Deduplication, bucket: Bucket | null): string {
  const value = (name: string): string =>
    unique.hasPatches && patched.has(name)
      ? `case when p.seq is null then s.${identifier(name)} else p.${identifier(name)} end as ${identifier(name)}`
      : `s.${identifier(name)}`;
  return `select ${columns.map(value).join(', ')} from ${parquet(files)} s
    ${unique.duplicates > 0 ? 'anti join losers l on l.source_id = s.source_id and l.seq = s.seq' : ''}
    ${unique.hasPatches ? 'left join patches p on p.source_id = s.source_id and p.seq = s.seq' : ''}
    ${bucket === null ? '' : `where ${inCluster(bucket)} and ${inMonth(bucket.month)}`}`;
}

/** What the files hold of this bucket, of the sources that are derived again or of the others. */
export function publishedPart(
  bucket: Bucket,
  published: readonly PublishedFile[],
  { tableDirectory, snapshot }: { readonly tableDirectory: string; readonly snapshot: Snapshot },
  derivedAgain: 'in' | 'not in',
): string {
  const files = published.map(({ file }) => path.join(tableDirectory, file.path));
  const selected = allColumns(tables.events, columnsLacking(tables.events, snapshot), 's');
  return `select ${selected} from ${parquet(files)} s
    where ${inCluster(bucket)} and s.source_id ${derivedAgain} (from derived_again)`;
}

function inCluster(bucket: Bucket): string {
  const { from, to } = clusterRange(bucket.bucket, bucket.buckets);
  return `s.cluster >= ${from} and s.cluster < ${to}`;
}

function inMonth(month: string): string {
  if (month === NO_MONTH) return 's.ts is null';
  const first = `timestamptz ${literal(`${month}-01 00:00:00+00`)}`;
  return `s.ts >= ${first} and s.ts < ${first} + interval 1 month`;
}
