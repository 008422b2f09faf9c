// npm run kill:judge [-- --items 20] [-- --only ledger|batch|table]: the whole of what kill.test.ts samples. A process is killed
// before, within and after the writing of every ledger line of that many sessions, also of batches of both services, and at every
// step of a run that fills the table; the next run finishes it. Prints a row a step and fails where a paid answer was lost, a
// question was asked too often, or a verdict differs from those of the undisturbed run.

import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({
  options: { items: { type: 'string', default: '20' }, only: { type: 'string', default: '' } },
});
const env = { KILL_ITEMS: values.items, KILL_ONLY: values.only };
const options = { watch: false, include: ['test/judge/faults/*.soak.ts'], env, testTimeout: 0, maxWorkers: 1 };
const vitest = await startVitest('test', [], options);
await vitest.close();
