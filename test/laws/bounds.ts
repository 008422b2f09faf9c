import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { z } from 'zod';
import { storedModel } from './machine.ts';
import type { StoreModel } from './model.ts';
import { disaster, Player, type Step } from './schedules.ts';
import { world, type Session } from './worlds.ts';

/** Cases that once failed, by the seed and the path of fast-check. */
export const seedsFile: string = join(import.meta.dirname, 'seeds', 'bounds.json');

const Seeds = z.array(z.object({ seed: z.number(), path: z.string() }));

export function keptSeeds(): z.infer<typeof Seeds> {
  return Seeds.parse(JSON.parse(readFileSync(seedsFile, 'utf8')));
}

const Stored = z.object({ ids: z.array(z.string()), states: z.number(), prompts: z.number(), usage: z.unknown() });

export type Case = readonly [readonly Session[], readonly Step[]];

const oneCase: fc.Arbitrary<Case> = fc.tuple(world, disaster);

/** The case itself: told to replay a path, fast-check would go on with all cases that it would have tried next. */
export function keptCases(): readonly Case[] {
  return keptSeeds().flatMap(({ seed, path }) => fc.sample(oneCase, { seed, path, numRuns: 1 }));
}

/**
 * Whatever happens to the files, to the clock and to syncs that fail half-way: the store holds all that a finished sync has seen and
 * nothing but what some sync has seen, each event once; and exactly that when no content was lost before a second look.
 */
export function bounds(folder: string): fc.IAsyncPropertyWithHooks<[Case]> {
  return fc.asyncProperty(oneCase, async (one) => await playCase(folder, one));
}

export async function playCase(folder: string, [sessions, steps]: Case): Promise<void> {
  const player = new Player(folder, sessions);
  for (const step of steps) await player.play(step);
  await player.machine.sync(player.store);
  const lower = player.machine.model();
  const upper = player.machine.mostModel();
  const stored = Stored.parse(await storedModel(player.store));
  within(stored, lower, upper);
  player.machine.remove();
}

function within(stored: z.infer<typeof Stored>, lower: StoreModel, upper: StoreModel): void {
  const ids = new Set(stored.ids);
  assert.equal(ids.size, stored.ids.length, 'an event is there twice');
  const most = new Set(upper.ids);
  assert.deepEqual(
    lower.ids.filter((id) => !ids.has(id)),
    [],
    'lost',
  );
  assert.deepEqual(
    stored.ids.filter((id) => !most.has(id)),
    [],
    'made up',
  );
  assert.ok(lower.states <= stored.states && stored.states <= upper.states, `states: ${stored.states}`);
  // Prompts that still wait in a queue count until they arrive, so the prompts of two models need not be in order.
  if (lower.ids.length === upper.ids.length && lower.states === upper.states) assert.deepEqual(stored, lower);
}
