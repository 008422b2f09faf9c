import type { Invocation } from '../../../src/commands/command.ts';
import { readFlags } from '../../../src/commands/options.ts';
import { openTerminal } from '../../../src/commands/terminal.ts';

export interface Machine {
  readonly directory: string;
  readonly store: string;
  readonly home?: string;
}

export interface Written {
  stdout: string;
  stderr: string;
}

/** A command on an invented machine: its home and settings lie in a folder of the test, its clock stands still. */
export function invocationIn(
  { directory, store, home = directory }: Machine,
  [argument, second]: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = { ANTHROPIC_API_KEY: 'sk-test-0123456789' },
): { readonly invocation: Invocation; readonly written: Written } {
  const written: Written = { stdout: '', stderr: '' };
  const output = (name: keyof Written) => ({
    write: (text: string) => (written[name] += text),
    isTTY: false,
    columns: undefined,
  });
  const invocation: Invocation = {
    flags: readFlags(flags),
    argument,
    second,
    terminal: openTerminal(output('stdout'), output('stderr'), { NO_COLOR: '1' }),
    surroundings: { env: { XDG_CONFIG_HOME: `${home}/.config`, ...env }, home, platform: 'linux' },
    storeDir: store,
    zone: 'UTC',
    memoryBytes: 2 ** 30,
    now: () => Date.parse('2026-02-11T16:00:00Z') * 1000,
    io: {
      readStdin: async () => '',
      writeStdout: () => undefined,
      stdinIsTTY: false,
      stdoutIsTTY: false,
      stderrIsTTY: false,
    },
  };
  return { invocation, written };
}
