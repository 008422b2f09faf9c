import { expect, test } from 'vitest';
import { Disturbed, killAtRandom, overlap } from '../faults/helpers/disturbed.ts';
import { scratch } from '../helpers/scratch.ts';
import { soakNumber } from './settings.ts';

const kills = soakNumber('KILLS');
const overlaps = soakNumber('OVERLAPS');

test.runIf(kills > 0)(`${kills} kills at random moments on one store`, async () => {
  const world = new Disturbed(scratch(), soakNumber('SEED'));
  const ended = await killAtRandom(world, kills);
  await world.expectHealed();
  console.log(`kills: ${JSON.stringify(ended)}`);
  expect(ended.killed).toBeGreaterThanOrEqual(Math.min(kills, 1));
});

test.runIf(overlaps > 0)(`${overlaps} times two syncs at once`, async () => {
  const world = new Disturbed(scratch(), soakNumber('SEED'));
  const ends = await overlap(world, overlaps);
  await world.expectHealed();
  console.log(`overlaps, by exit code: ${JSON.stringify(ends)}`);
  expect(ends[0]).toBeGreaterThanOrEqual(overlaps);
});
