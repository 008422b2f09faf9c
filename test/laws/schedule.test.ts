import { join, relative } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, treeHashes } from '../helpers/store.ts';
import { hashOf, ledgerOf, restoredHash, storedModel } from './machine.ts';
import { lawTimeoutMs, runs } from './runs.ts';
import { growth, Player, upheaval } from './schedules.ts';
import { world } from './worlds.ts';

/** The lock, its note and the run log are about runs, not about data. */
function storeHashes(store: string): Readonly<Record<string, string>> {
  const aboutRuns = new Set(['lock.duckdb', 'lock.json', 'runs.jsonl']);
  return Object.fromEntries(Object.entries(treeHashes(store)).filter(([name]) => !aboutRuns.has(name)));
}

test(
  'a second sync changes no byte of the store, whatever happened before (P1)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, upheaval, async (sessions, steps) => {
        const player = new Player(folder, sessions);
        for (const step of steps) await player.play(step);
        await player.machine.sync(player.store);
        const before = storeHashes(player.store);
        await player.machine.sync(player.store);
        expect(storeHashes(player.store)).toEqual(before);
      }),
      runs(10, 104),
    );
  },
);

test(
  'however growth is cut into syncs, the events are those of one sync of the end (P2)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, growth, async (sessions, steps) => {
        const player = new Player(folder, sessions);
        for (const step of steps) await player.play(step);
        player.finish();
        // Nobody will write the rest of a torn line: both stores take it as it is.
        player.machine.rest();
        await player.machine.sync(player.store);
        const rebuilt = player.machine.newStore();
        await player.machine.sync(rebuilt);
        expect(await eventFiles(player.store)).toEqual(await eventFiles(rebuilt));
        expect(await storedModel(player.store)).toEqual(player.machine.model());
      }),
      runs(12, 202),
    );
  },
);

test(
  'whatever is cut, rewritten, moved or removed, all that was synced once stays, once (P2, P7, P8)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, upheaval, async (sessions, steps) => {
        const player = new Player(folder, sessions);
        for (const step of steps) await player.play(step);
        await player.machine.sync(player.store);
        expect(await storedModel(player.store)).toEqual(player.machine.model());
        const before = await eventFiles(player.store);
        await player.machine.sync(player.store, { full: true });
        expect(await eventFiles(player.store)).toEqual(before);
      }),
      runs(10, 303),
    );
  },
);

test(
  'every byte, line and event is accounted for, and comes back as it was (P4, P7)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, upheaval, async (sessions, steps) => {
        const player = new Player(folder, sessions);
        const { machine, store } = player;
        for (const step of steps) await player.play(step);
        await machine.sync(store);
        const rows = await ledgerOf(store);
        const there = rows.filter(({ state }) => state === 'live');
        const model = Object.entries(machine.ledger());
        expect(there.map(({ path, file }) => [relative(machine.root, path), file])).toEqual(model);
        const { ids, states } = machine.model();
        expect(rows.reduce((total, { events }) => total + events, 0)).toBe(ids.length + states);
        for (const [path, { bytes }] of model) {
          if (bytes === 0) continue;
          expect(await restoredHash(store, join(machine.root, path))).toBe(
            hashOf(machine.read(path).subarray(0, bytes)),
          );
        }
      }),
      runs(9, 404),
    );
  },
);
