#!/usr/bin/env node
import { homedir } from 'node:os';
import { runProgram, type World } from './commands/program.ts';
import { openTerminal, type Output } from './commands/terminal.ts';
import { errnoOf, exitCode } from './core/errors.ts';

async function main(): Promise<void> {
  process.umask(0o077);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.exitCode = await runProgram(process.argv.slice(2), world());
}

function world(): World {
  const { env, stdin, stdout, stderr, platform } = process;
  return {
    surroundings: { env, home: homedir(), platform },
    terminal: openTerminal(outputOf(stdout), outputOf(stderr), env),
    io: {
      readStdin,
      writeStdout: (bytes) => stdout.write(bytes),
      stdinIsTTY: Boolean(stdin.isTTY),
      stdoutIsTTY: Boolean(stdout.isTTY),
      stderrIsTTY: Boolean(stderr.isTTY),
    },
    clock: () => Date.now() * 1000,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return { write: (text) => stream.write(text), isTTY: Boolean(stream.isTTY), columns: stream.columns };
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** The reader went away (`sesh ... | head`): there is nobody left to tell, and nothing went wrong. */
function endQuietly(error: Error): void {
  process.exit(errnoOf(error) === 'EPIPE' ? exitCode.ok : exitCode.error);
}

await main();
