import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scratch } from '../helpers/scratch.ts';
import { Machine, storedModel } from './machine.ts';
import { meaningsOf } from './model.ts';
import { lawTimeoutMs, runs } from './runs.ts';
import { textOf } from './schedules.ts';
import { scriptsOf, world } from './worlds.ts';

test(
  'tokens are the largest counters of each response, prompts are what was typed, whatever is copied, cut or damaged',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, async (sessions) => {
        const scripts = scriptsOf(sessions);
        const machine = new Machine(folder, meaningsOf(scripts.flatMap(({ lines }) => lines)));
        for (const { path, lines } of scripts) machine.write(path, textOf(lines));
        const store = machine.newStore();
        await machine.sync(store);
        expect(await storedModel(store)).toEqual(machine.model());
      }),
      runs(20, 909),
    );
  },
);
