import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutBatches } from '../../src/ingest/batches.ts';
import type { SourceJob } from '../../src/ingest/job.ts';
import { planMemory } from '../../src/ingest/memory-plan.ts';
import { runBatches } from '../../src/ingest/pool.ts';
import { agentId } from '../../src/core/ids.ts';
import { hintOf } from '../../src/agents/agent.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, syncStore } from '../helpers/store.ts';

const MIB = 1024 ** 2;

test('what is planned for readers and publisher stays within what was given', () => {
  fc.assert(
    fc.property(fc.integer({ min: 512, max: 65_536 }), fc.integer({ min: 1, max: 64 }), (mib, processors) => {
      const plan = planMemory(mib * MIB, processors);
      expect(plan.readers).toBeGreaterThanOrEqual(1);
      expect(plan.readers).toBeLessThanOrEqual(processors);
      expect(400 * MIB + plan.readers * plan.batchBytes).toBeLessThanOrEqual(mib * MIB);
      expect(plan.publishEngineBytes).toBeLessThan(mib * MIB);
    }),
  );
});

test('512 MiB are one reader with small batches, the default two', () => {
  expect(planMemory(512 * MIB, 2)).toMatchObject({
    readers: 1,
    batchBytes: Math.floor(11.2 * MIB),
    archiveBytes: 8 * MIB,
  });
  expect(planMemory(768 * MIB, 2)).toMatchObject({ readers: 2, archiveBytes: 24 * MIB });
});

function job(path: string, expectedBytes: number): SourceJob {
  return {
    path,
    agent: agentId('claude-code'),
    hint: hintOf({}),
    user: '',
    generation: 0,
    cluster: 0,
    archivedBytes: 0,
    contentSha256: null,
    expectedBytes,
    mode: 'read',
    rederive: false,
  };
}

test('a batch holds no more than it may, but for one source that is larger', () => {
  const jobs = [job('a', 6), job('b', 6), job('c', 30), job('d', 3), job('e', 3)];
  const common = {
    archiveBytes: 12,
    directory: '',
    rawFiles: [],
    now: 0,
    purpose: 'scan',
    range: { since: null, until: null },
    redaction: { key: new Uint8Array(), known: [] },
  } as const;
  const paths = cutBatches(jobs, common, 12, 0).map((batch) => batch.jobs.map(({ path }) => path).join(''));
  expect(paths).toEqual(['ab', 'c', 'de']);
});

test('with the least memory the events are the same, byte for byte', async () => {
  const root = scratch();
  for (let n = 1; n <= 4; n += 1) {
    const lines = [1, 2, 3].flatMap((step) => turn(sessionNumber(n), 10 * n + step));
    writeLines(join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`), lines);
  }
  const [least, most] = [join(scratch(), 'store'), join(scratch(), 'store')];
  await syncStore({ store: least, roots: [root], memoryBytes: 512 * MIB });
  await syncStore({ store: most, roots: [root], memoryBytes: 8192 * MIB });
  expect(await eventFiles(least)).toEqual(await eventFiles(most));
});

test('of what a reading thread sends back the jobs are not kept twice', async () => {
  const root = scratch();
  const jobs = [1, 2].map((n) => {
    const file = join(root, `${sessionNumber(n)}.jsonl`);
    writeLines(file, turn(sessionNumber(n), n));
    // Enough for a thread each.
    return job(file, 8 * MIB);
  });
  const redaction = { key: new Uint8Array(32), known: [] };
  const range = { since: null, until: null };
  const common = {
    archiveBytes: MIB,
    directory: root,
    rawFiles: [],
    now: 0,
    purpose: 'scan',
    range,
    redaction,
  } as const;
  const engine = { threads: 1, memoryBytes: 256 * MIB, folder: root, spillDirectory: null, readers: 2, engine: null };
  const results = await runBatches(cutBatches(jobs, common, 8 * MIB, 0), engine, () => undefined);
  const outcomes = results.flatMap((result) => result.outcomes);
  expect(outcomes).toHaveLength(2);
  expect(outcomes.every((outcome) => jobs.some((own) => own === outcome.job))).toBe(true);
});
