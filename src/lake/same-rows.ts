import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceId } from '../core/ids.ts';
import type { Bucket } from './buckets.ts';
import { EventContents, type Digests } from './contents.ts';
import type { Deduplication } from './dedupe.ts';
import { numberOf, textOf } from './duck-value.ts';
import { bucketOfStep, HISTOGRAM_SHIFT } from './layout.ts';
import type { DataFile, Snapshot } from './log.ts';
import { NO_MONTH, publishedPart, stagedPart } from './parts.ts';

interface Merging {
  readonly duck: { readonly connection: DuckDBConnection };
  readonly tableDirectory: string;
  readonly snapshot: Snapshot;
  readonly stageFiles: readonly string[];
  readonly derivedAgain: readonly SourceId[];
  readonly damaged: ReadonlySet<string>;
}

/**
 * Tells which files need not be written: a source that is derived again mostly gives the rows that it gave before, in all months but the
 * one that it grew in, and so do the sources that it shares events with. Rows are compared by a sum of their hashes for each source.
 */
export class SameRows {
  readonly #input: Merging;
  readonly #again: ReadonlySet<string>;
  /** Of the staged rows, by month and bucket; empty where no file can stay. */
  readonly #staged: ReadonlyMap<string, Digests>;

  private constructor(input: Merging, staged: ReadonlyMap<string, Digests>) {
    this.#input = input;
    this.#again = new Set(input.derivedAgain);
    this.#staged = staged;
  }

  static async among(buckets: readonly Bucket[], input: Merging, unique: Deduplication): Promise<SameRows> {
    const canStay = buckets.some(({ perhapsSame }) => perhapsSame !== null && perhapsSame.outdated > 0);
    return new SameRows(input, canStay ? await stagedDigests(buckets, input, unique) : new Map());
  }

  /** The published file that already is what would be written; null when there is none. */
  async fileOf(connection: DuckDBConnection, bucket: Bucket): Promise<DataFile | null> {
    const { perhapsSame } = bucket;
    const staged = this.#staged.get(placeOf(bucket));
    if (perhapsSame === null || staged === undefined || this.#input.damaged.has(perhapsSame.file.path)) return null;
    const { file } = perhapsSame;
    const contents = new EventContents(connection, this.#input.tableDirectory);
    const rows = publishedPart(bucket, [perhapsSame], this.#input, 'in');
    const published = await contents.digestsOf(file, this.#again, async () => await digestsIn(connection, rows));
    const isSame =
      staged.size === published.size && [...staged].every(([source, sum]) => published.get(source) === sum);
    return isSame ? file : null;
  }

  /** What is known of the rows that a bucket's new file gets. */
  async digestsOf(bucket: Bucket): Promise<Digests> {
    const staged = this.#staged.get(placeOf(bucket)) ?? new Map<string, bigint>();
    const [before, ...others] = bucket.publishedFiles;
    if (before === undefined || others.length > 0 || before.buckets !== bucket.buckets) return staged;
    const contents = new EventContents(this.#input.duck.connection, this.#input.tableDirectory);
    const kept = new Map(await contents.knownDigestsOf(before.file));
    for (const source of this.#again) kept.delete(source);
    return new Map([...kept, ...staged]);
  }
}

function placeOf({ month, bucket }: Pick<Bucket, 'month' | 'bucket'>): string {
  return `${month}/${bucket}`;
}

async function stagedDigests(
  buckets: readonly Bucket[],
  { duck, stageFiles }: Merging,
  unique: Deduplication,
): Promise<ReadonlyMap<string, Digests>> {
  const bucketsOf = new Map(buckets.map(({ month, buckets: count }) => [month, count]));
  const reader = await duck.connection.runAndReadAll(`
    select coalesce(strftime(r.ts, '%Y-%m'), '${NO_MONTH}') as month, r.cluster >> ${HISTOGRAM_SHIFT} as step, r.source_id,
      sum(hash(r)::hugeint)::varchar
    from (${stagedPart(stageFiles, unique, null)}) r group by all`);
  const digests = new Map<string, Map<string, bigint>>();
  for (const [month, step, source, sum] of reader.getRowsJS()) {
    const bucket = bucketOfStep(numberOf(step), bucketsOf.get(textOf(month)) ?? 1);
    const place = placeOf({ month: textOf(month), bucket });
    const known = digests.get(place) ?? new Map<string, bigint>();
    known.set(textOf(source), (known.get(textOf(source)) ?? 0n) + BigInt(textOf(sum)));
    digests.set(place, known);
  }
  return digests;
}

async function digestsIn(connection: DuckDBConnection, rows: string): Promise<Digests> {
  const reader = await connection.runAndReadAll(
    `select r.source_id, sum(hash(r)::hugeint)::varchar from (${rows}) r group by 1`,
  );
  return new Map(reader.getRowsJS().map(([source, sum]) => [textOf(source), BigInt(textOf(sum))]));
}
