import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { commit, readSnapshot, type DataFile } from '../../../src/lake/log.ts';
import { dataFile, NOW, schema } from '../helpers/events.ts';
import { scratch } from '../helpers/scratch.ts';

interface Move {
  readonly add: readonly number[];
  readonly remove: readonly number[];
  readonly tag: string;
}

const labels = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 4 });
const moves = fc.array(fc.record({ add: labels, remove: labels, tag: fc.string({ unit: 'binary' }) }), {
  minLength: 1,
  maxLength: 23,
});

test(
  'a snapshot is what a plain map says, from the cache, from a checkpoint and from the commits',
  { timeout: 120_000 },
  async () => {
    const folder = scratch();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(moves, async (sequence: readonly Move[]) => {
        run += 1;
        const directory = join(folder, String(run), 'events');
        const model = new Map<string, DataFile>();
        let version = -1;
        for (const move of sequence) {
          const snapshot = await readSnapshot(directory);
          const add = move.add.map((label) => ({ ...dataFile(String(label)), tags: { tag: move.tag } }));
          const remove = move.remove.map((label) => dataFile(String(label)).path).filter((path) => model.has(path));
          for (const path of remove) model.delete(path);
          for (const file of add) model.set(file.path, file);
          version += 1;
          const note = { tag: move.tag };
          const expected = {
            version,
            files: [...model.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
            properties: note,
            warnings: [],
          };
          expect(await commit(directory, schema, snapshot, { add, remove, note }, NOW)).toMatchObject(expected);
          if (version % 5 === 3) rmSync(join(directory, '../cache'), { recursive: true });
          expect(await readSnapshot(directory)).toMatchObject(expected);
        }
        const last = await readSnapshot(directory);
        rmSync(join(directory, '../cache'), { recursive: true, force: true });
        expect(await readSnapshot(directory)).toEqual(last);
        rmSync(join(directory, '_delta_log/00000000000000000010.checkpoint.parquet'), { force: true });
        rmSync(join(directory, '_delta_log/00000000000000000020.checkpoint.parquet'), { force: true });
        expect(await readSnapshot(directory)).toEqual(last);
      }),
      { numRuns: 25 },
    );
  },
);
