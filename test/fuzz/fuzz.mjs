import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Mutated transcripts of every agent, read, adapted and published in a child process that may crash, hang or run out of memory:
 * `npm run fuzz -- --minutes 10 --seed 1 --agent codex`. A case is run again alone by its number: `--case 1234` (`--keep FILE` writes
 * its bytes). `--cases N` ends after N of them, `--fixtures` leaves the real transcripts beside the checkout out.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    agent: { type: 'string' },
    case: { type: 'string' },
    cases: { type: 'string' },
    keep: { type: 'string' },
    fixtures: { type: 'boolean', default: false },
    publish: { type: 'string', default: '400' },
  },
});
const seed = Number(values.seed);
const options = { seed, agent: values.agent ?? null, fixturesOnly: values.fixtures, keep: values.keep };
const first = Number(values.case ?? 0);
const last = values.case === undefined ? Number(values.cases ?? Number.POSITIVE_INFINITY) : first + 1;
const publishEvery = Number(values.publish);
const endsAt = Date.now() + Number(values.minutes) * 60_000;
/** A busy machine may need long for a case that is only large, longer for what is published together; a hang needs for ever. */
const HANG_MS = 120_000;
const PUBLISH_HANG_MS = 900_000;
/** CPU seconds: cases are small, so one that needs more grows faster than its length. */
const SLOW_S = 4;
const MOST_RSS = 1_500_000_000;

const faults = [];
let cases = 0;
let publishes = 0;
let slowest = { number: -1, cpuS: 0 };
let mostRss = 0;
let next = first;

function isOver() {
  return next >= last || Date.now() > endsAt;
}

/** One child until it ends; the next one goes on behind the case that killed it. */
async function runChild() {
  const child = fork(path.join(import.meta.dirname, 'child.mjs'), [JSON.stringify(options)], {
    execArgv: ['--max-old-space-size=900'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-2000)));
  const allSaid = once(child.stderr, 'close');
  let running = null;
  let timer = null;
  await new Promise((resolve) => {
    const give = () => {
      if (isOver()) {
        child.disconnect();
        return;
      }
      running = next;
      const publish = (next - first) % publishEvery === publishEvery - 1 || next === last - 1;
      publishes += Number(publish);
      timer = setTimeout(() => child.kill('SIGKILL'), publish ? PUBLISH_HANG_MS : HANG_MS);
      child.send({ number: next, publish });
      next += 1;
    };
    child.on('message', (message) => {
      if (message.agents !== undefined) {
        give();
        return;
      }
      clearTimeout(timer);
      running = null;
      cases += 1;
      for (const fault of message.faults) note(message.number, fault);
      if (message.cpuS > slowest.cpuS) slowest = message;
      if (message.cpuS > SLOW_S) note(message.number, `needed ${message.cpuS.toFixed(1)} s of CPU`);
      mostRss = Math.max(mostRss, message.rss);
      if (message.rss > MOST_RSS) note(message.number, `the process grew to ${(message.rss / 1e6).toFixed(0)} MB`);
      give();
    });
    const end = async (code, signal) => {
      await allSaid;
      clearTimeout(timer);
      if (running !== null) note(running, `the child ended with ${signal ?? code}: ${said.trim().slice(-500)}`);
      resolve();
    };
    // Not 'close' of the child: it never comes once this side has left the channel.
    child.on('exit', (code, signal) => void end(code, signal));
  });
}

function note(number, fault) {
  faults.push({ number, fault });
  if (faults.length <= 50) console.error(`case ${number}: ${fault}`);
}

while (!isOver()) await runChild();
console.log(
  `${cases} cases (seed ${seed}), ${publishes} times published; ${faults.length} faults; ` +
    `slowest case ${slowest.number}: ${slowest.cpuS.toFixed(2)} s of CPU; most memory ${(mostRss / 1e6).toFixed(0)} MB`,
);
if (faults.length > 0) {
  const agent = values.agent === undefined ? '' : ` --agent ${values.agent}`;
  console.log(`Again: npm run fuzz -- --seed ${seed}${agent}${values.fixtures ? ' --fixtures' : ''} --case N`);
  process.exitCode = 1;
}
