import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { commit, readSnapshot } from '../../src/lake/log.ts';
import { steps } from '../../src/rehearsal/step.ts';
import { openStore } from '../../src/lake/store.ts';
import { leftByKills } from '../helpers/kills.ts';
import { runChild, type Ended } from './helpers/child.ts';
import { compileLake } from './helpers/compiled.ts';
import { dataFile, NOW, paths, publish, schema } from './helpers/events.ts';
import { bytesOf, scratch } from './helpers/scratch.ts';

const project = compileLake();
const shared = scratch();
let start = '';
let before: readonly string[] = [];
let after: readonly string[] = [];
let undisturbed: Readonly<Record<string, string>> = {};

/** A store with versions 0 to 9, so that the run under test makes version 10 and a checkpoint with it. */
beforeAll(async () => {
  start = join(shared, 'start');
  const store = await openStore(start, { create: true });
  const table = store.tablePath('events');
  for (let version = 0; version < 10; version += 1) {
    await commit(
      table,
      schema,
      await readSnapshot(table),
      { add: [dataFile(`${version}`)], remove: [], note: {} },
      NOW,
    );
  }
  before = await filesOf(start);
  const directory = copyOfStart(join(shared, 'undisturbed'));
  await run(directory);
  after = await filesOf(directory);
  undisturbed = bytesOf(directory);
});

function copyOfStart(directory = join(scratch(), 'store')): string {
  cpSync(start, directory, { recursive: true });
  return directory;
}

/** In this process, undisturbed. */
async function run(directory: string): Promise<void> {
  await publish(directory, 'new', '3');
}

/** In a process of its own, with a fault. */
function runWith(directory: string, fault: Readonly<Record<string, string>>): Ended {
  return runChild('commit.mjs', [project, directory, 'new', '3'], fault);
}

async function filesOf(directory: string): Promise<readonly string[]> {
  const { files, warnings } = await readSnapshot(join(directory, 'events'));
  expect(warnings).toEqual([]);
  return paths(files);
}

async function expectOldOrNew(directory: string): Promise<void> {
  const found = await filesOf(directory);
  expect([before, after]).toContainEqual(found);
  const added = found.filter((path) => !before.includes(path));
  expect(added.filter((path) => !existsSync(join(directory, 'events', path)))).toEqual([]);
}

/** More often than any step is passed: by then the process must have ended by itself. */
const MOST = 12;
const unused: ReadonlySet<string> = new Set(['append:before', 'append:written', 'append:after']);

test('the undisturbed run takes the one file out and the other in', () => {
  expect(new Set(after)).toEqual(
    new Set([...before.filter((path) => path !== dataFile('3').path), dataFile('new').path]),
  );
});

/** A reader sees the version before or after, and the next run ends where an undisturbed one would have. */
async function expectWhole(directory: string): Promise<void> {
  await expectOldOrNew(directory);
  await run(directory);
  expect(bytesOf(directory)).toEqual(undisturbed);
}

test('killed at any step: a reader sees the version before or after, and the next run ends where an undisturbed one would have (P6, F01)', async () => {
  const directory = copyOfStart();
  const { left, reached } = await leftByKills(directory, async () => await run(directory));
  expect(steps.filter((step) => !unused.has(step) && !reached.includes(step))).toEqual([]);
  for (const [moment, copy] of left) {
    await expectWhole(copy).catch((error: unknown) => {
      throw new Error(`Killed at ${moment}`, { cause: error });
    });
  }
});

test.each(['create:temp:1', 'create:linked:1', 'copy:before:1', 'adopt:renamed:1', 'remove:after:1'])(
  'so does a process that is killed at %s (P6, F01)',
  async (moment) => {
    const directory = copyOfStart();
    expect(runWith(directory, { SESH_CRASH_AT: moment }).signal).toBe('SIGKILL');
    await expectWhole(directory);
  },
);

test.each(['create:temp', 'write:temp', 'copy:before', 'adopt:synced'] as const)(
  'a full disk at %s is told in one sentence, leaves the version before or after, and heals when there is space again (F04)',
  async (step) => {
    let failed = 0;
    for (let at = 1; at <= MOST; at += 1) {
      const directory = copyOfStart();
      vi.stubEnv('SESH_FAIL_AT', `${step}:${at}:ENOSPC`);
      const failure = await run(directory).then(
        () => null,
        (error: unknown) => error,
      );
      vi.unstubAllEnvs();
      if (failure === null) break;
      failed += 1;
      expect(failure).toMatchObject({
        name: 'SeshError',
        message: expect.stringMatching(/^No space left on the disk for /),
      });
      await expectWhole(directory);
    }
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(MOST);
  },
);
