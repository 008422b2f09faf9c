import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles } from '../helpers/store.ts';
import { ledgerOf, Machine, storedModel } from './machine.ts';
import { meaningsOf } from './model.ts';
import { lawTimeoutMs, runs } from './runs.ts';
import { textOf } from './schedules.ts';
import { scriptsOf, world } from './worlds.ts';

/** Where each file is cut, from 0 to 1. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 });

test(
  'files that are cut at any byte, and their rest later, are the whole files (P5, F27)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, cuts, async (sessions, cuts) => {
        const scripts = scriptsOf(sessions);
        const machine = new Machine(folder, meaningsOf(scripts.flatMap(({ lines }) => lines)));
        const store = machine.newStore();
        const parts = scripts.map(({ path, lines }, index) => {
          const whole = textOf(lines);
          const at = Math.round(whole.length * (cuts[index] ?? 0.5));
          return { path, start: whole.subarray(0, at), rest: whole.subarray(at) };
        });
        for (const { path, start } of parts) machine.write(path, start);
        await machine.sync(store);
        expect(await storedModel(store)).toEqual(machine.model());
        for (const { path, rest } of parts) machine.append(path, rest);
        await machine.sync(store);
        const once = machine.newStore();
        await machine.sync(once);
        expect(await eventFiles(store)).toEqual(await eventFiles(once));
        expect(await ledgerOf(store)).toEqual(await ledgerOf(once));
      }),
      runs(9, 808),
    );
  },
);
