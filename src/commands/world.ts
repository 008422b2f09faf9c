import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import type { Surroundings } from '../agents/agent.ts';
import type { ByteStreams } from './command.ts';
import { openTerminal, type Output, type Terminal } from './terminal.ts';

/** All that the program touches outside itself. */
export interface World {
  readonly surroundings: Surroundings;
  readonly terminal: Terminal;
  readonly io: ByteStreams;
  /** The machine's clock, microseconds. */
  readonly clock: () => number;
}

/** The real one: this process, its streams and its environment. */
export function processWorld(): World {
  const { env, stdout, stderr, platform } = process;
  return {
    surroundings: { env, home: homedir(), platform },
    terminal: openTerminal(outputOf(stdout, 1), outputOf(stderr, 2), env),
    io: {
      readStdin,
      writeStdout: (bytes) => stdout.write(bytes),
      stdinIsTTY: isatty(0),
      stdoutIsTTY: isatty(1),
      stderrIsTTY: isatty(2),
    },
    clock: () => Date.now() * 1000,
  };
}

function outputOf(stream: NodeJS.WriteStream, descriptor: number): Output {
  return { write: (text) => stream.write(text), isTTY: isatty(descriptor), columns: stream.columns };
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
