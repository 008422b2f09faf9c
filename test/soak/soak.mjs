// npm run soak [-- --cases 100000] [-- --minutes 10] [-- --kills 200] [-- --overlaps 100] [-- --seed N]: the long runs.
// Cases of the model test (P8) until their number or the time is reached; a failing one is kept in test/laws/seeds and runs
// with the tests from then on. --kills kills that many real syncs at random moments (F02), --overlaps starts two at once
// that often (F25); with either of them the model test runs only when --cases or --minutes asks for it.

import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    minutes: { type: 'string' },
    kills: { type: 'string' },
    overlaps: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});

const onlyProcesses = (values.kills ?? values.overlaps) !== undefined && (values.cases ?? values.minutes) === undefined;
const env = {
  SOAK_CASES: onlyProcesses ? '0' : (values.cases ?? '100000'),
  SOAK_MINUTES: values.minutes ?? '600',
  SOAK_KILLS: values.kills ?? '0',
  SOAK_OVERLAPS: values.overlaps ?? '0',
  SOAK_SEED: values.seed,
};
console.log(`seed ${values.seed}`);
const options = { watch: false, include: ['test/soak/**/*.soak.ts'], env, testTimeout: 0, maxWorkers: 1 };
const vitest = await startVitest('test', [], options);
await vitest.close();
