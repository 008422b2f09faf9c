import { configuredZone, fixedNow } from '../core/configuration.ts';
import { SeshError, exitCode, messageOf, type ExitCode } from '../core/errors.ts';
import { configuredMemory } from '../core/memory.ts';
import { storeDirectory } from '../lake/store.ts';
import type { Invocation } from './command.ts';
import { limitNote } from './limits.ts';
import { machineMemory } from './machine.ts';
import { readFlags } from './options.ts';
import { plainCommand, type Chosen, type Parsed } from './plain-command.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

/** Runs one command line (without the program's name) and tells how the process should end. */
export async function runProgram(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    const parsed = plainCommand(argv) ?? (await parsedByYargs(argv, world.terminal.width));
    if ('text' in parsed) {
      world.terminal.print(parsed.text);
      return exitCode.ok;
    }
    const command = await parsed.spec.load();
    return await command(invocation(parsed, world));
  } catch (error) {
    return explain(error, argv.includes('--debug'), world.terminal);
  }
}

/** Loaded only where it is needed: it takes longer than most commands. */
async function parsedByYargs(argv: readonly string[], width: number | null): Promise<Parsed> {
  const { parseCommandLine } = await import('./command-line.ts');
  return parseCommandLine(argv, width);
}

function invocation({ spec, given }: Chosen, { surroundings, terminal, io, clock }: World): Invocation {
  const flags = readFlags(given);
  const argumentNamed = (name: string | undefined): string | undefined => {
    const value = name === undefined ? undefined : given[name];
    return typeof value === 'string' ? value : undefined;
  };
  const fixed = fixedNow(surroundings.env);
  const zone = zoneOnce(flags.text('zone'), surroundings.env);
  return {
    flags,
    argument: argumentNamed(spec.argument?.name),
    second: argumentNamed(spec.second?.name),
    terminal,
    surroundings,
    storeDir: storeDirectory(surroundings.env, surroundings.home),
    get zone() {
      return zone();
    },
    memoryBytes: configuredMemory(flags.text('memory'), surroundings.env, machineMemory()),
    now: () => fixed ?? clock(),
    io,
  };
}

/** A zone that is named is checked at once; the machine's, which takes V8 15 ms to say, is asked for where it is used. */
function zoneOnce(option: string | undefined, env: Readonly<Record<string, string | undefined>>): () => string {
  let zone = option !== undefined || (env['SESH_ZONE'] ?? '') !== '' ? configuredZone(option, env) : null;
  return () => (zone ??= configuredZone(option, env));
}

/** Tells an error through the terminal, which makes what it quotes harmless; and how the process should end. */
export function explain(error: unknown, debug: boolean, terminal: Terminal): ExitCode {
  const trace = error instanceof Error && debug ? error.stack : undefined;
  if (error instanceof SeshError) {
    terminal.note([{ style: 'red', text: 'sesh:' }, ` ${error.message}`]);
    if (error.hint !== undefined) terminal.note([{ style: 'dim', text: error.hint }]);
    if (trace !== undefined) terminal.note(trace);
    return error.exitCode;
  }
  terminal.note([{ style: 'red', text: 'sesh:' }, ` Unexpected error, a bug in sesh: ${messageOf(error)}`]);
  const limit = limitNote();
  if (limit !== null) terminal.note(limit);
  terminal.note(trace ?? 'Run the command again with --debug to see where it happened.');
  return exitCode.error;
}
