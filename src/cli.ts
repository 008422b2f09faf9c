#!/usr/bin/env node
import { explain, runProgram } from './commands/program.ts';
import { processWorld } from './commands/world.ts';
import { errnoOf, exitCode } from './core/errors.ts';

async function main(): Promise<void> {
  process.umask(0o077);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const world = processWorld();
  const argv = process.argv.slice(2);
  // Node itself would print the message as it is, control characters of a transcript and all.
  process.on('uncaughtException', (error) => process.exit(explain(error, argv.includes('--debug'), world.terminal)));
  process.exitCode = await runProgram(argv, world);
}

/** The reader went away (`sesh ... | head`): there is nobody left to tell, and nothing went wrong. */
function endQuietly(error: Error): void {
  process.exit(errnoOf(error) === 'EPIPE' ? exitCode.ok : exitCode.error);
}

await main();
