import type { Surroundings } from '../agents/agent.ts';
import type { ExitCode } from '../core/errors.ts';
import type { Micros } from '../core/event.ts';
import { parseWindow, type Window } from '../core/window.ts';
import type { Flags, OptionName } from './options.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given: its options, and the outside world. */
export interface Invocation {
  readonly flags: Flags;
  /** The arguments after the command's name. */
  readonly argument: string | undefined;
  readonly second: string | undefined;
  readonly terminal: Terminal;
  readonly surroundings: Surroundings;
  readonly storeDir: string;
  readonly zone: string;
  /** What the run may use. */
  readonly memoryBytes: number;
  readonly now: () => Micros;
  readonly io: ByteStreams;
}

/** The process's own streams, for the few commands that read or write bytes. */
export interface ByteStreams {
  readonly readStdin: () => Promise<string>;
  readonly writeStdout: (bytes: Uint8Array) => void;
  /** Whether standard input is a person at a keyboard, and whether the others are terminals. */
  readonly stdinIsTTY: boolean;
  readonly stdoutIsTTY: boolean;
  readonly stderrIsTTY: boolean;
}

interface CommandArgument {
  readonly name: string;
  readonly about: string;
  readonly required: boolean;
}

type Command = (invocation: Invocation) => Promise<ExitCode>;

/** One entry of the catalogue; its code is loaded only when it runs. */
export interface CommandSpec {
  readonly name: string;
  readonly alias?: string;
  readonly about: string;
  readonly argument?: CommandArgument;
  /** Only beside a first one, and never required. */
  readonly second?: CommandArgument;
  readonly options: readonly OptionName[];
  readonly examples: readonly (readonly [command: string, about: string])[];
  readonly load: () => Promise<Command>;
}

export function windowOf(invocation: Invocation, since?: string): Window {
  const { flags, now } = invocation;
  const options = {
    since: flags.text('since') ?? since,
    until: flags.text('until'),
    anchor: flags.text('anchor'),
  };
  const isBounded = options.since !== undefined || options.until !== undefined;
  return parseWindow(options, now(), isBounded ? invocation.zone : 'UTC');
}
