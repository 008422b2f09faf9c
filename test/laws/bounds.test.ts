import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scratch } from '../helpers/scratch.ts';
import { bounds, keptCases, playCase, type Case } from './bounds.ts';
import { lawTimeoutMs, runs } from './runs.ts';

/** The report of a failing case; empty when all went well. */
async function failure(parameters: fc.Parameters<[Case]>): Promise<string> {
  const result = await fc.check(bounds(scratch()), parameters);
  return result.failed ? (fc.defaultReportMessage(result) ?? 'failed') : '';
}

test(
  'whatever happens to files, clock and half-done syncs, the store holds what was seen and nothing else, once (P8, F61)',
  { timeout: lawTimeoutMs },
  async () => {
    expect(await failure(runs(150, 1212))).toBe('');
  },
);

test('cases that once failed do not fail again (P8)', { timeout: lawTimeoutMs }, async () => {
  for (const one of keptCases()) await expect(playCase(scratch(), one)).resolves.toBeUndefined();
});
