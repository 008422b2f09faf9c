import { runProgram } from '../../src/commands/program.ts';
import { openTerminal, type Output } from '../../src/commands/terminal.ts';

interface HereOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly readStdin?: () => Promise<string>;
  /** Columns of a terminal; without it the output is a pipe. */
  readonly columns?: number;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, at 2026-02-11T16:00Z, and returns what it wrote. */
export async function runHere(argv: readonly string[], options: HereOptions = {}): Promise<Ran> {
  const { env = {}, home = '/nonexistent', readStdin = async () => '', columns } = options;
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => (written[name] += text),
    isTTY: columns !== undefined,
    columns,
  });
  const code = await runProgram(argv, {
    surroundings: { env: { SESH_HOME: '/nonexistent/sesh', SESH_ZONE: 'UTC', ...env }, home, platform: 'linux' },
    terminal: openTerminal(output('stdout'), output('stderr'), { NO_COLOR: '1' }),
    io: {
      readStdin,
      writeStdout: (bytes) => (written.stdout += Buffer.from(bytes).toString('utf8')),
      stdinIsTTY: false,
      stdoutIsTTY: false,
      stderrIsTTY: false,
    },
    clock: () => Date.parse('2026-02-11T16:00:00Z') * 1000,
  });
  return { code, ...written };
}
