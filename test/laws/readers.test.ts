import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSnapshot } from '../../src/lake/log.ts';
import { repository } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventRows } from '../helpers/store.ts';
import { Machine } from './machine.ts';
import { meaningsOf } from './model.ts';
import { lawTimeoutMs, runs } from './runs.ts';
import { textOf } from './schedules.ts';
import { scriptsOf, world } from './worlds.ts';

const everyRow = `select count(*)::int as events, md5(string_agg(event_id || source_id || seq, ',' order by event_id)) as hash from events`;

test(
  'a reader sees whole versions only, however many are published meanwhile (P9, F23)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, async (sessions) => {
        const scripts = scriptsOf(sessions);
        const machine = new Machine(folder, meaningsOf(scripts.flatMap(({ lines }) => lines)));
        const store = machine.newStore();
        const wholes: unknown[] = [];
        const seen: unknown[] = [];
        const versions: number[] = [];
        for (const share of [1, 2, 3]) {
          for (const { path, lines } of scripts)
            machine.write(path, textOf(lines.slice(0, Math.ceil((lines.length * share) / 3))));
          const env = { HOME: folder, SESH_HOME: store, TZ: 'UTC' };
          const writer = spawn(process.execPath, [join(repository, 'dist', 'cli.js'), 'sync', '--root', machine.root], {
            env,
          });
          const ended = once(writer, 'exit');
          while (writer.exitCode === null && writer.signalCode === null) {
            const { version, files } = await readSnapshot(join(store, 'events'));
            versions.push(version);
            if (files.length > 0) seen.push(...(await eventRows(store, everyRow)));
            // The event loop must turn for the end of the writer to be heard.
            await new Promise((resolve) => setImmediate(resolve));
          }
          // 3: done, and some lines could not be read.
          expect([
            [0, null],
            [3, null],
          ]).toContainEqual(await ended);
          wholes.push(...(await eventRows(store, everyRow)));
        }
        expect(wholes).toEqual(expect.arrayContaining(seen));
        expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      }),
      runs(2, 1010),
    );
  },
);
