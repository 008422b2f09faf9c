import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentsNamed } from '../../src/agents/index.ts';
import { everything } from '../../src/core/window.ts';
import { discoverSources } from '../../src/discover/discover.ts';
import { importSources } from '../../src/ingest/import.ts';
import { readLedger } from '../../src/ingest/ledger.ts';
import { DEFAULT_MEMORY_BYTES } from '../../src/core/memory.ts';
import { planMemory } from '../../src/ingest/memory-plan.ts';
import { jobOf, planSources } from '../../src/ingest/plan.ts';
import { derivationOf } from '../../src/ingest/derivation.ts';
import { acquireLock } from '../../src/lake/lock.ts';
import { openStore } from '../../src/lake/store.ts';
import { promptLine, resultLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { repository } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore } from '../helpers/store.ts';
import { Machine, storedModel } from './machine.ts';
import { meaningsOf } from './model.ts';
import { lawTimeoutMs, runs } from './runs.ts';
import { textOf } from './schedules.ts';
import { scriptsOf, world, type Script } from './worlds.ts';

function machineFor(folder: string, scripts: readonly Script[]): Machine {
  return new Machine(folder, meaningsOf(scripts.flatMap(({ lines }) => lines)));
}

function writeAll(machine: Machine, scripts: readonly Script[]): void {
  for (const { path, lines } of scripts) machine.write(path, textOf(lines));
}

test('A then B is B then A is both at once (P3)', { timeout: lawTimeoutMs }, async () => {
  const folder = scratch();
  await fc.assert(
    fc.asyncProperty(world, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), async (sessions, sides) => {
      const scripts = scriptsOf(sessions);
      const machine = machineFor(folder, scripts);
      const a = scripts.filter((_, index) => sides[index % sides.length] === true);
      const b = scripts.filter((script) => !a.includes(script));
      const parts = [[a, b], [b, a], [scripts], [scripts.toReversed()]];
      const ends: unknown[] = [];
      for (const order of parts) {
        // The same paths again, since they are a part of every event.
        for (const path of machine.paths()) machine.remove(path);
        const store = machine.newStore();
        for (const part of order) {
          writeAll(machine, part);
          await machine.sync(store);
        }
        ends.push(await eventFiles(store));
      }
      expect(ends).toEqual(parts.map(() => ends[0]));
    }),
    runs(5, 505),
  );
});

test(
  'neither the name of the root nor the order of several roots changes what is counted (P3)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    await fc.assert(
      fc.asyncProperty(world, async (sessions) => {
        const scripts = scriptsOf(sessions);
        const here = machineFor(folder, scripts);
        const there = machineFor(folder, scripts);
        writeAll(here, scripts);
        writeAll(there, scripts.toReversed());
        const [one, other, split, reversed] = [here.newStore(), there.newStore(), here.newStore(), here.newStore()];
        await here.sync(one);
        await there.sync(other);
        expect(await storedModel(one)).toEqual(here.model());
        expect(await storedModel(other)).toEqual(here.model());
        const roots = [...new Set(scripts.map(({ path }) => join(here.root, path.split('/')[0] ?? '')))];
        await syncStore({ store: split, roots });
        await syncStore({ store: reversed, roots: roots.toReversed() });
        expect(await eventFiles(reversed)).toEqual(await eventFiles(split));
        expect(await storedModel(split)).toEqual(here.model());
      }),
      runs(4, 606),
    );
  },
);

test(
  'the zone and the locale of the machine change no byte of the events (P3, F65)',
  { timeout: lawTimeoutMs },
  async () => {
    const folder = scratch();
    const program = join(repository, 'dist', 'cli.js');
    const zones = [
      ['UTC', 'C'],
      ['America/St_Johns', 'tr_TR.UTF-8'],
      ['Pacific/Kiritimati', 'de_DE.UTF-8'],
    ] as const;
    await fc.assert(
      fc.asyncProperty(world, async (sessions) => {
        const scripts = scriptsOf(sessions);
        const machine = machineFor(folder, scripts);
        writeAll(machine, scripts);
        const ends: unknown[] = [];
        for (const [TZ, locale] of zones) {
          const store = machine.newStore();
          const env = { HOME: folder, SESH_HOME: store, TZ, LC_ALL: locale, LANG: locale };
          const run = spawnSync(process.execPath, [program, 'sync', '--root', machine.root], { env, encoding: 'utf8' });
          // 3: some worlds hold damaged lines, which are told on standard error.
          expect([0, 3]).toContain(run.status);
          ends.push(await eventFiles(store));
        }
        expect(ends).toEqual(zones.map(() => ends[0]));
      }),
      runs(2, 707),
    );
  },
);

/** Sixteen sessions of 3 MB: more than one batch, and more rows than one bucket file holds. */
function writeLargeWorld(root: string): void {
  for (let session = 1; session <= 16; session += 1) {
    const lines: string[] = [];
    for (let n = 0; n < 600; n += 1) {
      const at = new Date(Date.parse('2026-02-05T10:00:00Z') + (session * 7 + n) * 60_000).toISOString();
      const common = { session: sessionNumber(session), uuid: uuidNumber(session * 1000 + n), at };
      const isLarge = n % 12 === 0;
      lines.push(
        isLarge ? resultLine(common, `toolu_${session}_${n}`, 'x'.repeat(60_000)) : promptLine(common, `do ${n}`),
      );
    }
    writeLines(join(root, '-home-ann-shop', `${sessionNumber(session)}.jsonl`), lines);
  }
}

async function importWith(readers: number, store: string, root: string): Promise<void> {
  const surroundings = { env: {}, home: '/nonexistent', platform: 'linux' } as const;
  const opened = await openStore(store, { create: true });
  const lock = await acquireLock(opened, 'test', { waitS: 0 });
  try {
    const found = discoverSources({ roots: [root], agents: agentsNamed([]) }, surroundings);
    const now = Date.parse('2026-02-11T16:00:00Z') * 1000;
    const ledger = await readLedger(opened);
    const redaction = { key: new Uint8Array(32), known: [] };
    const derivation = derivationOf(redaction);
    const plan = planSources(found, ledger.sources, {
      derivation,
      now,
      full: false,
      isAltered: () => false,
      range: everything,
    });
    await importSources({
      store: opened,
      ledger,
      read: plan.read.map(jobOf),
      again: [],
      noted: [],
      roots: new Map(found.sources.map(({ path, root }) => [path, root])),
      range: everything,
      full: false,
      redaction,
      derivation,
      now,
      memory: { ...planMemory(DEFAULT_MEMORY_BYTES, 1), readers },
      progress: { stage: () => undefined, total: () => undefined, advance: () => undefined },
    });
  } finally {
    await lock.release();
  }
}

test('the number of threads that read changes no byte of the events (P3)', { timeout: lawTimeoutMs }, async () => {
  const folder = scratch();
  const root = join(folder, 'projects');
  mkdirSync(root);
  writeLargeWorld(root);
  const ends: (readonly string[])[] = [];
  for (const readers of [1, 2, 5]) {
    const store = join(folder, `store-${readers}`);
    await importWith(readers, store, root);
    expect(
      await eventRows(store, `select count(*)::int as events, count(distinct event_id)::int as ids from events`),
    ).toEqual([{ events: 9600, ids: 9600 }]);
    ends.push(await eventFiles(store));
  }
  expect(ends[0]?.length).toBeGreaterThan(1);
  expect(ends).toEqual([ends[0], ends[0], ends[0]]);
});
