import type { Parameters } from 'fast-check';

/** Times every number of runs is multiplied, for a nightly machine: `SESH_LAW_RUNS=20 npx vitest run test/laws`. */
const factor = Number(process.env['SESH_LAW_RUNS'] ?? '1');

/** Milliseconds that one law may take before it counts as hanging. */
export const lawTimeoutMs = 120_000 * factor;

/** The seed is fixed, so that a law fails for everybody or for nobody; with more runs than usual it is drawn anew. */
export function runs<Values>(numRuns: number, seed: number): Parameters<Values> {
  // The report of a failing case must come before the test runner gives up on the test.
  const timeLimit = { interruptAfterTimeLimit: lawTimeoutMs * 0.8, markInterruptAsFailure: false };
  return { numRuns: Math.ceil(numRuns * factor), ...(factor > 1 ? {} : { seed }), ...timeLimit };
}
