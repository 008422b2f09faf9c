import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commit, readSnapshot } from '../../src/lake/log.ts';
import { steps, type Step } from '../../src/rehearsal/step.ts';
import { openStore } from '../../src/lake/store.ts';
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
const unused: ReadonlySet<Step> = new Set(['append:before', 'append:written', 'append:after']);

test('the undisturbed run takes the one file out and the other in', () => {
  expect(new Set(after)).toEqual(
    new Set([...before.filter((path) => path !== dataFile('3').path), dataFile('new').path]),
  );
});

test.each(steps.filter((step) => !unused.has(step)))(
  'killed at %s: a reader sees the version before or after, and the next run ends where an undisturbed one would have (P6, F01)',
  async (step) => {
    let killed = 0;
    for (let at = 1; at <= MOST; at += 1) {
      const directory = copyOfStart();
      if (runWith(directory, { SESH_CRASH_AT: `${step}:${at}` }).signal !== 'SIGKILL') break;
      killed += 1;
      await expectOldOrNew(directory);
      await run(directory);
      expect(bytesOf(directory)).toEqual(undisturbed);
    }
    expect(killed).toBeGreaterThan(0);
    expect(killed).toBeLessThan(MOST);
  },
);

test.each(['create:temp', 'write:temp', 'copy:before', 'adopt:synced'] as const)(
  'a full disk at %s is told in one sentence, leaves the version before or after, and heals when there is space again (F04)',
  async (step) => {
    let failed = 0;
    for (let at = 1; at <= MOST; at += 1) {
      const directory = copyOfStart();
      const { code, stderr } = runWith(directory, { SESH_FAIL_AT: `${step}:${at}:ENOSPC` });
      if (code === 0) break;
      failed += 1;
      expect(stderr).toContain('SeshError: No space left on the disk for ');
      await expectOldOrNew(directory);
      await run(directory);
      expect(bytesOf(directory)).toEqual(undisturbed);
    }
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(MOST);
  },
);
