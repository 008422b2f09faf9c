import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSnapshot } from '../../src/lake/log.ts';
import { steps } from '../../src/rehearsal/step.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { leftByKills } from '../helpers/kills.ts';
import { scratch, scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, soundEventFiles, syncStore } from '../helpers/store.ts';

const damagedTurn = (session: string, n: number): readonly string[] => [
  ...turn(session, n),
  'this line cannot be read',
];

const folder = scratchForFile();
const root = join(folder, 'projects');
const file = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
mkdirSync(root);
writeLines(file(1), damagedTurn(sessionNumber(1), 1));

/** The store after one sync; then one file grows and one is new, so that the second sync adds, removes and replaces. */
const before = join(folder, 'before');
const undisturbed = join(folder, 'undisturbed');
await syncStore({ store: before, roots: [root] });
appendFileSync(file(1), `${damagedTurn(sessionNumber(1), 2).join('\n')}\n`);
writeLines(file(2), [...damagedTurn(sessionNumber(2), 1), ...damagedTurn(sessionNumber(2), 30)]);
cpSync(before, undisturbed, { recursive: true });
await syncStore({ store: undisturbed, roots: [root] });

/** The next run finishes what lies there, which is the version before or the one after. */
async function expectWhole(store: string): Promise<void> {
  expect([await eventFiles(before), await eventFiles(undisturbed)]).toContainEqual(await soundEventFiles(store));
  const summary = await syncStore({ store, roots: [root] });
  expect(summary.problems).toEqual([]);
  expect(await eventFiles(store)).toEqual(await eventFiles(undisturbed));
  expect(await archivedBytes(store)).toEqual(await archivedBytes(undisturbed));
  expect((await syncStore({ store, roots: [root] })).files).toMatchObject({ new: 0, grown: 0, unchanged: 2 });
}

describe('kill -9', () => {
  test(
    'at every step of a sync leaves a whole store that the next run finishes (P6, F01)',
    { timeout: 120_000 },
    async () => {
      const store = join(scratch(), 'store');
      cpSync(before, store, { recursive: true });
      const { left, reached } = await leftByKills(store, async () => await syncStore({ store, roots: [root] }));
      expect(steps.filter((step) => !reached.includes(step))).toEqual([]);
      expect(left.size).toBeGreaterThan(30);
      for (const [moment, copy] of left) {
        await expectWhole(copy).catch((error: unknown) => {
          throw new Error(`Killed at ${moment}`, { cause: error });
        });
      }
    },
  );

  test.each(['write:temp:2', 'create:linked:2', 'adopt:renamed:2'])(
    'of a process at %s does, too (P6, F01)',
    async (moment) => {
      const store = join(scratch(), 'store');
      cpSync(before, store, { recursive: true });
      const env = {
        HOME: folder,
        SESH_HOME: store,
        TZ: 'UTC',
        SESH_CRASH_AT: moment,
        SESH_NOW: '2026-02-11T16:00:00Z',
      };
      const run = spawnSync(process.execPath, [join(repository, 'dist', 'cli.js'), 'sync', '--root', root], { env });
      expect(run.signal).toBe('SIGKILL');
      await expectWhole(store);
    },
  );
});

/** Each archived chunk once: a chunk that was archived twice would be counted twice by `restore`. */
async function archivedBytes(store: string): Promise<readonly string[]> {
  const { files } = await readSnapshot(join(store, 'raw'));
  return files.map(({ path, records }) => `${path} ${records}`);
}
