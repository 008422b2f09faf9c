import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agents } from '../agents/index.ts';
import { runProgram } from './program.ts';
import { DEFAULT_REPORTS } from './report.ts';
import type { World } from './world.ts';
import { exitCode, type ExitCode } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { discoverSources } from '../discover/discover.ts';
import { latestEvent } from '../ingest/latest.ts';
import { makeTemporaryDirectory, removeTree } from '../lake/files.ts';
import { storeDirectory } from '../lake/store.ts';

/**
 * What `npm start` runs: a sync of this machine's own sessions, and the report, on the terminal and in its folder. Whoever waits for it is
 * not kept by what tidies a store, which `nightly` does. A machine without transcripts gets the bundled demo in a store that is thrown away.
 */
export async function start(world: World): Promise<ExitCode> {
  const found = discoverSources({ roots: [], agents }, world.surroundings);
  return found.sources.length > 0 ? await ownSessions(world) : await demo(world);
}

const DAY_MICROS = 86_400_000_000;

async function ownSessions(world: World): Promise<ExitCode> {
  const { env, home } = world.surroundings;
  const synced = await runProgram(['sync'], world);
  if (!isDone(synced)) return synced;
  const latest = await latestEvent(storeDirectory(env, home));
  // A machine that was idle lately still gets a report worth reading: on the last two weeks of work.
  const isIdle = latest !== null && world.clock() - latest > DAY_MICROS;
  const window = isIdle ? ['--since', '14d', '--until', new Date(latest / 1000 + 1).toISOString()] : ['--since', '1d'];
  if (isIdle)
    world.terminal.note('Nothing happened in the last day: the report is on the two weeks before the last event.');
  return await report(world, window);
}

/** The day after the demo's last session. */
const DEMO_WINDOW = ['--since', '14d', '--until', '2026-03-14', '--zone', 'UTC'];

async function demo(world: World): Promise<ExitCode> {
  const transcripts = fileURLToPath(new URL('fixtures/demo', packageRoot));
  const store = await makeTemporaryDirectory(join(tmpdir(), 'sesh-demo-'));
  world.terminal.note('No transcripts on this machine: this is the bundled demo, in a temporary store.');
  const { surroundings } = world;
  const demoWorld = { ...world, surroundings: { ...surroundings, env: { ...surroundings.env, SESH_HOME: store } } };
  try {
    const synced = await runProgram(['sync', '--root', transcripts], demoWorld);
    return isDone(synced) ? await report(demoWorld, DEMO_WINDOW) : synced;
  } finally {
    await removeTree(store);
  }
}

async function report(world: World, window: readonly string[]): Promise<ExitCode> {
  const code = await runProgram(['report', ...window, '--stdout', '--out', DEFAULT_REPORTS], world);
  if (isDone(code))
    world.terminal.note(`The report is also in ${DEFAULT_REPORTS}/. \`npx sesh --help\` shows what else there is.`);
  return code;
}

/** Damaged lines are counted in the report; they are no reason to stop. */
function isDone(code: ExitCode): boolean {
  return code === exitCode.ok || code === exitCode.dataProblems;
}
