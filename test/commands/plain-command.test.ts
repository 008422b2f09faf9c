import { array, assert, asyncProperty, constantFrom, oneof, type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/commands/catalogue.ts';
import { parseCommandLine } from '../../src/commands/command-line.ts';
import { optionSpec } from '../../src/commands/options.ts';
import { plainCommand, type Parsed } from '../../src/commands/plain-command.ts';

/** What a command can see of what it was given. */
function seen(parsed: Parsed): unknown {
  if ('text' in parsed) return parsed.text;
  const { spec, given } = parsed;
  const names = [...spec.options, spec.argument?.name, spec.second?.name].flatMap((name) => name ?? []);
  return [
    spec.name,
    Object.fromEntries(names.map((name) => [name, given[name]]).filter(([, value]) => value !== undefined)),
  ];
}

const values = [
  '7d',
  'all',
  'a b',
  '0',
  '007',
  '1e3',
  'true',
  'false',
  '=x',
  "it's",
  'ä',
  '',
  '-',
  '-1',
  '--',
  '--json',
  'start',
  'table',
];

/** Command lines of one command: its options with values that suit them and values that do not, in any order. */
const commandLines: Arbitrary<readonly string[]> = constantFrom(...catalogue).chain((spec) => {
  const option = constantFrom(...spec.options).chain((name): Arbitrary<readonly string[]> => {
    const { type, choices = [] } = optionSpec(name);
    if (type === 'flag')
      return constantFrom<readonly string[]>([`--${name}`], [`--${name}`, 'true'], [`--${name}=false`]);
    return constantFrom(...choices, ...values).chain((value) =>
      constantFrom<readonly string[]>([`--${name}`, value], [`--${name}=${value}`]),
    );
  });
  const word = constantFrom(...values, 'list', 'add', 'select 1', '--nothing', '-h', '--help', '--no-json').map(
    (text) => [text],
  );
  return array(oneof({ weight: 4, arbitrary: option }, { weight: 1, arbitrary: word }), { maxLength: 4 }).map(
    (parts) => [parts.length % 2 === 0 ? spec.name : (spec.alias ?? spec.name), ...parts.flat()],
  );
});

describe('a command line that is read without the parser library', () => {
  test('is read as the library reads it', async () => {
    let plain = 0;
    await assert(
      asyncProperty(commandLines, async (argv) => {
        const quick = plainCommand(argv);
        if (quick === null) return;
        plain += 1;
        expect(seen(quick)).toEqual(seen(await parseCommandLine(argv, null)));
      }),
      { numRuns: 200 },
    );
    expect(plain).toBeGreaterThan(30);
  });

  test.each(catalogue.flatMap((spec) => spec.examples.map(([line]) => line)).filter((line) => !/["'|]|\$/.test(line)))(
    'is every example of the help: %s',
    async (line) => {
      const argv = line.split(' ').slice(1);
      const quick = plainCommand(argv);
      expect(quick && seen(quick)).toEqual(seen(await parseCommandLine(argv, null)));
    },
  );

  test('is a question for the version', async () => {
    expect(plainCommand(['--version'])).toEqual(await parseCommandLine(['--version'], null));
  });
});
