import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSnapshot } from '../../../src/lake/log.ts';
import { readCommit } from '../../../src/lake/log/snapshot.ts';
import { ended, startChild } from '../helpers/child.ts';
import { compileLake } from '../helpers/compiled.ts';
import { scratch } from '../helpers/scratch.ts';

const project = compileLake();
const VERSIONS = 9;

test('two programs that commit without a lock never make the same version, and every version is whole (F19)', async () => {
  const table = join(scratch(), 'events');
  const startAt = String(Date.now() + 900);
  const racers = ['a', 'b'].map((name) => startChild('race.mjs', [project, table, name, String(VERSIONS), startAt]));
  const lines = await Promise.all(racers.map(async ({ line }) => await line));
  await Promise.all(racers.map(async ({ child }) => await ended(child)));
  const makers: string[] = [];
  for (let version = 0; version < VERSIONS; version += 1) {
    const commit = await readCommit(table, version);
    makers.push('torn' in commit ? 'torn' : (commit.note['name'] ?? 'nobody'));
  }
  expect(makers.filter((maker) => maker !== 'a' && maker !== 'b')).toEqual([]);
  // A program may fail to see that its commit won (the other was faster with the next), but never claims one that lost.
  for (const [index, line] of lines.entries()) {
    const claimed = line
      .slice(1, -1)
      .split(',')
      .filter((version) => version !== '');
    expect(claimed.map((version) => makers[Number(version)])).toEqual(claimed.map(() => ['a', 'b'][index]));
  }
  const snapshot = await readSnapshot(table);
  expect({ version: snapshot.version, files: snapshot.files.length }).toEqual({
    version: VERSIONS - 1,
    files: VERSIONS,
  });
});
