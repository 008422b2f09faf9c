import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planBuckets, type PublishedFile } from '../../src/lake/buckets.ts';
import { bucketCount, bucketOfStep, clusterRange } from '../../src/lake/layout.ts';

describe('bucketCount', () => {
  test.each([
    [0, 1],
    [1, 1],
    [8192, 1],
    [8193, 2],
    [100_000, 16],
    [2_097_152, 256],
    [3_000_000, 256],
    [16_777_217, 512],
    [1_000_000_000, 4096],
  ])('%d rows of a month lie in %d files', (rows, files) => expect(bucketCount(rows)).toBe(files));

  test('never falls when rows are added', () => {
    const rows = fc.nat({ max: 10_000_000 });
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        expect(bucketCount(a + b)).toBeGreaterThanOrEqual(bucketCount(a));
      }),
    );
  });
});

describe('clusterRange', () => {
  test('covers every hash once, and agrees with the histogram', () => {
    const hash = fc.nat({ max: 2 ** 32 - 1 });
    const exponent = fc.nat({ max: 12 });
    fc.assert(
      fc.property(hash, exponent, (cluster, power) => {
        const buckets = 2 ** power;
        const inside = Array.from({ length: buckets }, (_, bucket) => clusterRange(bucket, buckets)).flatMap(
          ({ from, to }, bucket) => (cluster >= from && cluster < to ? [bucket] : []),
        );
        expect(inside).toEqual([bucketOfStep(Math.floor(cluster / 2 ** 20), buckets)]);
      }),
    );
  });
});

describe('planBuckets', () => {
  const published = (
    month: string,
    bucket: number,
    buckets: number,
    records: number,
    outdated: number,
  ): PublishedFile => ({
    file: { path: `month=${month}/${bucket}.parquet`, sizeBytes: 1, records, partition: { month }, tags: {} },
    month,
    bucket,
    buckets,
    outdated,
  });

  test('writes nothing where nothing is new or outdated', () => {
    expect(planBuckets([], [published('2026-02', 0, 1, 500, 0)], false)).toEqual([]);
  });

  test('writes only the bucket that gets a row, together with what it held', () => {
    const before = [published('2026-02', 0, 2, 6000, 0), published('2026-02', 1, 2, 6000, 0)];
    const staged = [{ file: 'stage-0', month: '2026-02', step: 4095, rows: 3 }];
    expect(planBuckets(staged, before, false)).toEqual([
      {
        month: '2026-02',
        bucket: 1,
        buckets: 2,
        stageFiles: ['stage-0'],
        publishedFiles: [before[1]],
        perhapsSame: null,
      },
    ]);
  });

  test('writes all buckets of a month whose number of files changes', () => {
    const before = [published('2026-02', 0, 1, 8192, 0)];
    const staged = [{ file: 'stage-0', month: '2026-02', step: 0, rows: 1 }];
    expect(planBuckets(staged, before, false)).toEqual([
      { month: '2026-02', bucket: 0, buckets: 2, stageFiles: ['stage-0'], publishedFiles: before, perhapsSame: null },
      { month: '2026-02', bucket: 1, buckets: 2, stageFiles: [], publishedFiles: before, perhapsSame: null },
    ]);
  });

  test('writes a bucket that only loses rows', () => {
    const before = [published('2026-02', 0, 1, 10, 10)];
    expect(planBuckets([], before, false)).toEqual([
      { month: '2026-02', bucket: 0, buckets: 1, stageFiles: [], publishedFiles: before, perhapsSame: null },
    ]);
  });

  test('names the file that perhaps stays as it is: as many rows come as go, and it keeps its place', () => {
    const before = [published('2026-02', 0, 2, 6000, 7), published('2026-02', 1, 2, 6000, 7)];
    const staged = (rows: number) => [
      { file: 'stage-0', month: '2026-02', step: 0, rows: 7 },
      { file: 'stage-0', month: '2026-02', step: 4095, rows },
    ];
    const sameIn = (rows: number, rewriteAll: boolean) =>
      planBuckets(staged(rows), before, rewriteAll).map(({ perhapsSame }) => perhapsSame);
    expect(sameIn(7, false)).toEqual(before);
    expect(sameIn(8, false)).toEqual([before[0], null]);
    expect(sameIn(7, true)).toEqual([null, null]);
    expect(sameIn(9000, false).every((same) => same === null)).toBe(true);
  });
});
