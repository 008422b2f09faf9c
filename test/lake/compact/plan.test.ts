import { describe, expect, test } from 'vitest';
import { isWorthwhile, planGroups, type ArchiveFile } from '../../../src/lake/compact/plan.ts';

const MB = 1024 * 1024;
let files = 0;

const file = (megabytes: number, isDense: boolean): ArchiveFile => {
  files += 1;
  return { path: `${files}`, bytes: megabytes * MB, sizeBytes: megabytes * 1e5, isDense };
};
const fresh = (...sizes: readonly number[]) => sizes.map((size) => file(size, false));
const dense = (...sizes: readonly number[]) => sizes.map((size) => file(size, true));
const sizes = (groups: readonly (readonly ArchiveFile[])[]) =>
  groups.map((group) => group.map(({ bytes, isDense }) => `${isDense ? 'dense ' : ''}${bytes / MB}`));

describe('files are put together', () => {
  test('in the order of their age, up to a size', () => {
    expect(sizes(planGroups(fresh(60, 60, 60, 8, 1), []))).toEqual([
      ['60', '60'],
      ['60', '8', '1'],
    ]);
  });

  test('also one alone, and one that is too large, which were never written anew', () => {
    expect(sizes(planGroups(fresh(500, 3), []))).toEqual([['500'], ['3']]);
  });

  test('with small ones from before where at least as much comes to them', () => {
    expect(sizes(planGroups(fresh(10), dense(40, 20, 9)))).toEqual([['dense 9', '10']]);
    expect(sizes(planGroups(fresh(20), dense(40, 20, 9)))).toEqual([['dense 40', 'dense 20', 'dense 9', '20']]);
    expect(sizes(planGroups(fresh(100), dense(65)))).toEqual([['100']]);
  });

  test('and a small one from before that nothing fits beside stays as it is', () => {
    expect(sizes(planGroups(fresh(100), dense(60)))).toEqual([['100']]);
  });

  test('so that a year of nights writes each byte a few times, and leaves few files', () => {
    let all: readonly ArchiveFile[] = [];
    let written = 0;
    for (let night = 0; night < 365; night += 1) {
      const groups = planGroups(fresh(10), all);
      const gone = new Set(groups.flat());
      const made = groups.map((group) =>
        file(
          group.reduce((total, { bytes }) => total + bytes / MB, 0),
          true,
        ),
      );
      written += made.reduce((total, { bytes }) => total + bytes / MB, 0);
      all = [...all.filter((old) => !gone.has(old)), ...made];
    }
    expect(all.length).toBeLessThan(365 / 5);
    expect(written / 3650).toBeLessThan(5);
  });
});

test('what is little is let lie, unless it is many files', () => {
  const some = (count: number, sizeBytes: number) => Array.from({ length: count }, () => ({ sizeBytes }));
  expect([some(0, 0), some(15, 1000), some(16, 1000), some(1, 5 * MB)].map(isWorthwhile)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
