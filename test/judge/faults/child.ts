import { judgeSessions } from '../../../src/judge/run.ts';
import { FakeClock } from '../helpers/clock.ts';
import { judging, sessions, testOptions } from '../helpers/judging.ts';

/** A run in a process of its own, to be killed. Arguments: address of the service, store, sessions, `table` or `ledger`. */
const [url = '', store = '', count = '', keeps] = process.argv.slice(2);
const { close, ...effects } = await judging({
  url,
  store,
  clock: new FakeClock(),
  limits: { concurrency: 1 },
  withoutTable: keeps === 'ledger',
});
await judgeSessions(sessions(Number(count)), testOptions, effects);
await close();
