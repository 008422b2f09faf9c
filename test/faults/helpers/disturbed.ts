import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkStore } from '../../../src/lake/check.ts';
import { readSnapshot } from '../../../src/lake/log.ts';
import { openStore } from '../../../src/lake/store.ts';
import { sessionNumber, turn } from '../../helpers/claude.ts';
import { eventFiles, eventRows, syncStore } from '../../helpers/store.ts';
import { startSync, startVacuum } from './process.ts';
import { randomFrom } from './random.ts';

/** A root whose files grow turn by turn, and the store that disturbed runs make of it. */
export class Disturbed {
  readonly root: string;
  readonly store: string;
  readonly random: () => number;
  #turns = 0;

  constructor(folder: string, seed: number) {
    this.root = join(folder, 'projects');
    this.store = join(folder, 'store');
    this.random = randomFrom(seed);
    mkdirSync(this.root, { recursive: true });
  }

  /** A few more turns, in old files and in new ones. */
  grow(): void {
    for (let more = 1 + Math.floor(this.random() * 3); more > 0; more -= 1) {
      this.#turns += 1;
      const session = sessionNumber(1 + Math.floor(this.random() * (3 + this.#turns / 10)));
      const file = join(this.root, '-home-ann-shop', `${session}.jsonl`);
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, `${turn(session, this.#turns).join('\n')}\n`);
    }
  }

  /** The ids of all events that a reader finds now: whole versions can be read at any moment. */
  async ids(): Promise<ReadonlySet<string>> {
    const { files } = await readSnapshot(join(this.store, 'events'));
    if (files.length === 0) return new Set();
    const rows = await eventRows(this.store, 'select event_id, count(*)::int as n from events group by 1');
    assert.deepEqual(
      rows.filter(({ n }) => n !== 1),
      [],
    );
    return new Set(rows.map(({ event_id }) => String(event_id)));
  }

  /** One undisturbed run ends where a store that was never disturbed is, and nothing is left of the others. */
  async expectHealed(): Promise<void> {
    const { problems } = await syncStore({ store: this.store, roots: [this.root] });
    assert.deepEqual(problems, []);
    const undisturbed = `${this.store}-undisturbed`;
    await syncStore({ store: undisturbed, roots: [this.root] });
    assert.deepEqual(await eventFiles(this.store), await eventFiles(undisturbed));
    assert.equal(await archivedBytes(this.store), bytesUnder(this.root));
    assert.deepEqual(readdirSync(join(this.store, 'tmp')), []);
    const findings = await checkStore(await openStore(this.store, { create: false }));
    assert.deepEqual(
      findings.filter(({ level }) => level !== 'info'),
      [],
    );
  }
}

async function archivedBytes(store: string): Promise<number> {
  const { files } = await readSnapshot(join(store, 'raw'));
  const paths = files.map(({ path }) => `'${join(store, 'raw', path)}'`);
  const [row] = await eventRows(store, `select sum(length_bytes)::int as bytes from read_parquet([${paths.join()}])`);
  return Number(row?.['bytes']);
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);
}

export interface Kills {
  readonly killed: number;
  readonly finished: number;
}

/** So many of the runs are a vacuum, which writes the archive anew and removes old files. */
const VACUUM_SHARE = 0.25;

/**
 * Kills a sync, or a vacuum, at a random moment, again and again on the same store. How long a run takes depends on the machine, so the moments follow
 * it: about one run in five ends before it would be killed.
 */
export async function killAtRandom(world: Disturbed, times: number): Promise<Kills> {
  let longestMs = 1000;
  let killed = 0;
  let finished = 0;
  let before: ReadonlySet<string> = new Set();
  while (killed < times && killed + finished < times * 4) {
    const isVacuum = existsSync(join(world.store, 'store.json')) && world.random() < VACUUM_SHARE;
    if (!isVacuum) world.grow();
    const run = isVacuum ? startVacuum(world.store, world.root) : startSync(world.store, world.root);
    const timer = sleep(world.random() * longestMs).then(() => run.child.kill('SIGKILL'));
    const { end, stderr } = await run.ended;
    await timer;
    if (end === 'SIGKILL') killed += 1;
    else finished += 1;
    longestMs *= end === 'SIGKILL' ? 1.15 : 0.6;
    assert.ok(end === 'SIGKILL' || end === 0, stderr);
    const after = await world.ids();
    assert.deepEqual(
      [...before].filter((id) => !after.has(id)),
      [],
    );
    before = after;
  }
  return { killed, finished };
}

/** Starts two syncs at once, again and again: of two, one at least does the work and the other does it too or is told. */
export async function overlap(world: Disturbed, times: number): Promise<Readonly<Record<string, number>>> {
  const ends: Record<string, number> = {};
  for (let round = 0; round < times; round += 1) {
    world.grow();
    const both = [startSync(world.store, world.root), startSync(world.store, world.root)];
    const codes = (await Promise.all(both.map(async ({ ended }) => await ended))).map(({ end }) => end);
    assert.ok(codes.includes(0), codes.join());
    for (const code of codes) {
      assert.ok(code === 0 || code === 75, String(code));
      ends[code] = (ends[code] ?? 0) + 1;
    }
  }
  return ends;
}
