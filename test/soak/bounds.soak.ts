import { readFileSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bounds, keptSeeds, seedsFile } from '../laws/bounds.ts';
import { scratch } from '../helpers/scratch.ts';
import { soakNumber } from './settings.ts';

const cases = soakNumber('CASES');

test.runIf(cases > 0)('the model of files and the store agree, case after case', async () => {
  const startedAt = performance.now();
  const result = await fc.check(bounds(scratch()), {
    numRuns: cases,
    seed: soakNumber('SEED'),
    interruptAfterTimeLimit: soakNumber('MINUTES') * 60_000,
    markInterruptAsFailure: false,
  });
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  console.log(
    `model: ${result.numRuns} cases in ${minutes} min, seed ${result.seed}, ${result.failed ? 'FAILED' : 'all well'}`,
  );
  if (result.failed) {
    const kept = { seed: result.seed, path: result.counterexamplePath };
    writeFileSync(seedsFile, `${JSON.stringify([...keptSeeds(), kept], null, 2)}\n`);
    console.log(`kept in ${seedsFile}, ${readFileSync(seedsFile, 'utf8').length} bytes`);
  }
  expect(result.failed ? fc.defaultReportMessage(result) : undefined).toBeUndefined();
});
