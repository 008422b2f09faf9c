import { limitNote } from './limits.ts';
import yargs, { type Options } from 'yargs';
import { configuredZone, fixedNow } from '../core/configuration.ts';
import { SeshError, UsageError, exitCode, messageOf, type ExitCode } from '../core/errors.ts';
import { storeDirectory } from '../lake/store.ts';
import { catalogue } from './catalogue.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { optionSpec, readFlags, type OptionName } from './options.ts';
import type { Terminal } from './terminal.ts';
import { ownVersion } from './version.ts';
import type { World } from './world.ts';

/** Runs one command line (without the program's name) and tells how the process should end. */
export async function runProgram(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    const parsed = await parse(argv, world.terminal.width);
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

interface Chosen {
  readonly spec: CommandSpec;
  readonly given: Readonly<Record<string, unknown>>;
}

/** The command and what it was given, or the text of `--help`, `--version` or `completion`. */
async function parse(argv: readonly string[], width: number | null): Promise<Chosen | { readonly text: string }> {
  let chosen: Chosen | undefined;
  let text = '';
  let failure: unknown;
  const parser = newParser(width);
  for (const spec of catalogue) declare(parser, spec, (given) => (chosen = { spec, given }));
  await parser.parseAsync(argv, {}, (error, _argv, output) => {
    failure = error ?? undefined;
    text = output;
  });
  if (failure !== undefined) throw wrongUsage(messageOf(failure), text, argv);
  return chosen ?? { text };
}

function newParser(width: number | null): ReturnType<typeof yargs> {
  return yargs()
    .scriptName('sesh')
    .usage('sesh <command>\n\nWhat your AI coding-agent sessions really did.')
    .locale('en')
    .exitProcess(false)
    .showHelpOnFail(false)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'Expected a command, got none.')
    .wrap(Math.min(width ?? HELP_WIDTH, HELP_WIDTH))
    .version(ownVersion())
    .alias('help', 'h')
    .completion('completion', 'Print a completion script for bash or zsh')
    .epilogue('Help on one command: sesh <command> --help')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    });
}

const HELP_WIDTH = 100;

function declare(
  parser: ReturnType<typeof yargs>,
  spec: CommandSpec,
  choose: (given: Readonly<Record<string, unknown>>) => void,
): void {
  const given = [spec.argument, spec.second].filter((argument) => argument !== undefined);
  const command = [spec.name, ...given.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`))].join(' ');
  parser.command(
    spec.alias === undefined ? command : [command, spec.alias],
    spec.about,
    (builder) => {
      for (const { name, about } of given) builder.positional(name, { type: 'string', describe: about });
      for (const name of spec.options) builder.option(name, yargsOption(name));
      for (const [line, about] of spec.examples) builder.example(line, about);
      return builder.epilogue('');
    },
    choose,
  );
}

function yargsOption(name: OptionName): Options {
  const { type, about, choices } = optionSpec(name);
  const shared = { describe: about, ...(choices === undefined ? {} : { choices }) };
  if (type === 'flag') return { ...shared, type: 'boolean' };
  return { ...shared, type: type === 'list' ? 'array' : 'string', string: true, requiresArg: true };
}

function wrongUsage(message: string, output: string, [name]: readonly string[]): UsageError {
  const suggestion = /^Did you mean .*\?$/m.exec(output)?.[0];
  const spec = catalogue.find((candidate) => name !== undefined && [candidate.name, candidate.alias].includes(name));
  const help = `Run \`sesh ${spec === undefined ? '' : `${spec.name} `}--help\` to see what there is.`;
  return new UsageError(inOurWords(message.trim().replaceAll(/\s*\n\s*/g, ' '), spec), suggestion ?? help);
}

/** What yargs says, as our own refusals say it; sentences that name the mistake well enough stay. */
function inOurWords(message: string, spec: CommandSpec | undefined): string {
  const option = /^Not enough arguments following: (\S+)$/.exec(message)?.[1];
  if (option !== undefined) return `Expected a value after --${option}, got none.`;
  if (message.startsWith('Not enough non-option arguments') && spec?.argument !== undefined) {
    return `Expected <${spec.argument.name}> after sesh ${spec.name}, got nothing.`;
  }
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function invocation({ spec, given }: Chosen, { surroundings, terminal, io, clock }: World): Invocation {
  const flags = readFlags(given);
  const argumentNamed = (name: string | undefined): string | undefined => {
    const value = name === undefined ? undefined : given[name];
    return typeof value === 'string' ? value : undefined;
  };
  const fixed = fixedNow(surroundings.env);
  return {
    flags,
    argument: argumentNamed(spec.argument?.name),
    second: argumentNamed(spec.second?.name),
    terminal,
    surroundings,
    storeDir: storeDirectory(surroundings.env, surroundings.home),
    zone: configuredZone(flags.text('zone'), surroundings.env),
    now: () => fixed ?? clock(),
    io,
  };
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
