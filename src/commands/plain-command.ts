import { catalogue } from './catalogue.ts';
import type { CommandSpec } from './command.ts';
import { optionSpec, type OptionName } from './options.ts';
import { ownVersion } from './version.ts';

export interface Chosen {
  readonly spec: CommandSpec;
  readonly given: Readonly<Record<string, unknown>>;
}

/** The command and what it was given, or the text of `--help`, `--version` or `completion`. */
export type Parsed = Chosen | { readonly text: string };

/**
 * A command line without mistakes and without shorthand, as yargs reads it but without loading it, which would take longer than
 * most commands do; null for every other one.
 */
export function plainCommand(argv: readonly string[]): Parsed | null {
  const [name, ...words] = argv;
  if (name === '--version' && words.length === 0) return { text: ownVersion() };
  const spec = catalogue.find(
    (candidate) => candidate.name === name || (name !== undefined && candidate.alias === name),
  );
  const given = spec === undefined ? null : givenTo(spec, words);
  return spec === undefined || given === null ? null : { spec, given };
}

function givenTo(spec: CommandSpec, words: readonly string[]): Chosen['given'] | null {
  const given: Record<string, string | boolean | readonly string[]> = {};
  const plain: string[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (!word.startsWith('-')) {
      plain.push(word);
      continue;
    }
    const option = spec.options.find((candidate) => word === `--${candidate}`);
    if (option === undefined || !takes(option, given, left)) return null;
  }
  const places = [spec.argument, spec.second].flatMap((place) => place ?? []);
  if (plain.length > places.length || plain.includes('')) return null;
  for (const [index, place] of places.entries()) {
    const word = plain[index];
    if (word !== undefined) given[place.name] = word;
    else if (place.required) return null;
  }
  return given;
}

/** Puts the option's value into `given`; false when the words do not say one plainly. */
function takes(
  option: OptionName,
  given: Record<string, string | boolean | readonly string[]>,
  left: string[],
): boolean {
  const { type, choices } = optionSpec(option);
  const before = given[option];
  if (type !== 'list' && before !== undefined) return false;
  if (type === 'flag') {
    given[option] = true;
    return left[0] !== 'true' && left[0] !== 'false';
  }
  const value = left.shift() ?? '';
  if (value === '' || value.startsWith('-') || choices?.includes(value) === false) return false;
  given[option] = type === 'list' ? [...(Array.isArray(before) ? before : []), value] : value;
  return true;
}
