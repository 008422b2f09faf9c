import yargs, { type Options } from 'yargs';
import { UsageError, messageOf } from '../core/errors.ts';
import { catalogue } from './catalogue.ts';
import type { CommandSpec } from './command.ts';
import { optionSpec, type OptionName } from './options.ts';
import type { Chosen, Parsed } from './plain-command.ts';
import { ownVersion } from './version.ts';

/** The command and what it was given, or the text of `--help`, `--version` or `completion`. */
export async function parseCommandLine(argv: readonly string[], width: number | null): Promise<Parsed> {
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
