import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/commands/catalogue.ts';
import { runHere } from './run-here.ts';

describe('help', () => {
  test('lists every command with what it does', async () => {
    const { code, stdout, stderr } = await runHere(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(catalogue.filter(({ name, about }) => !new RegExp(`sesh ${name}\\b.*${about}`).test(stdout))).toEqual([]);
  });

  test.each(catalogue.map(({ name }) => name))('of %s names its options and prints its examples', async (name) => {
    const { code, stdout } = await runHere([name, '--help']);
    const spec = catalogue.find((candidate) => candidate.name === name);
    const folded = stdout.replaceAll(/\s+/g, ' ');
    expect(code).toBe(0);
    expect(spec?.examples.length).toBeGreaterThanOrEqual(2);
    expect(spec?.options.filter((option) => !stdout.includes(`--${option} `))).toEqual([]);
    expect(spec?.examples.filter(([, about]) => !folded.includes(about))).toEqual([]);
    expect(spec?.examples.filter(([line]) => !line.startsWith(`sesh ${name}`))).toEqual([]);
  });

  test('every command can print JSON', () =>
    expect(catalogue.filter(({ options }) => !options.includes('json')).map(({ name }) => name)).toEqual([]));
});

describe('a wrong command line ends with 2 and says what to do', () => {
  test.each([
    [[], 'sesh: Expected a command, got none.\nRun `sesh --help` to see what there is.\n'],
    [['sesions'], 'sesh: Unknown argument: sesions.\nDid you mean sessions?\n'],
    [['stats', '--sinse', '1d'], 'sesh: Unknown argument: sinse.\nRun `sesh stats --help` to see what there is.\n'],
    [['query', 'extra'], 'sesh: Unknown argument: extra.\nRun `sesh sessions --help` to see what there is.\n'],
    [
      ['stats', '--since'],
      'sesh: Expected a value after --since, got none.\nRun `sesh stats --help` to see what there is.\n',
    ],
    [['show'], 'sesh: Expected <id> after sesh show, got nothing.\nRun `sesh show --help` to see what there is.\n'],
    [
      ['stats', '--since', 'soon'],
      'sesh: Expected --since to be a duration such as 14d or 36h, a date such as 2026-02-09, an instant such as 2026-02-09T15:00Z, yesterday, or all; got "soon".\n',
    ],
    [['stats', '--since', '1d', '--since', '2d'], 'sesh: Expected --since once, got it 2 times.\n'],
    [
      ['stats', '--zone', 'Mars'],
      'sesh: Expected --zone to be a time zone such as Europe/Berlin or UTC, got "Mars".\n',
    ],
    [['sessions', '--limit', 'x'], 'sesh: Expected --limit to be a whole number of at least 1, got "x".\n'],
    [
      ['sessions', '--min-active', 'long'],
      'sesh: Expected --min-active to be a duration such as 14d or 36h, got "long".\n',
    ],
    [['sql', 'select 1', '--file', 'x.sql'], 'sesh: Expected a statement or --file, got both.\n'],
    [['sql', 'select 1', '--json', '--format', 'csv'], 'sesh: Expected --json or --format csv, got both.\n'],
    [['restore', 'a', '--stdout', '--out', 'b'], 'sesh: Expected --out or --stdout, got both.\n'],
  ])('%j', async (argv, stderr) => {
    expect(await runHere(argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  test('a choice names what there is to choose', async () => {
    const { code, stderr } = await runHere(['sessions', '--sort', 'size']);
    expect(code).toBe(2);
    expect(stderr).toContain('Argument: sort, Given: "size", Choices: "started", "ended", "active"');
  });

  test('control characters of an argument do not reach the terminal', async () => {
    const { stderr } = await runHere(['stats', '--since', '\u001b]52;c;eA==\u0007']);
    expect(stderr).toContain('got "␛]52;c;eA==␇".');
  });

  test('a wrong SESH_NOW is told like a wrong option', async () => {
    expect(await runHere(['stats'], { env: { SESH_NOW: 'noon' } })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sesh: Expected SESH_NOW to be an instant such as 2026-02-11T16:00:00Z, got "noon".\n',
    });
  });
});

describe('errors', () => {
  test('a known one is a sentence, with a trace only for --debug', async () => {
    const plain = await runHere(['stats']);
    expect(plain).toEqual({
      code: 1,
      stdout: '',
      stderr: 'sesh: No store yet at /nonexistent/sesh. Run `sesh sync` first.\n',
    });
    expect((await runHere(['stats', '--debug'])).stderr).toMatch(/ at .*openStore/);
  });

  test('an unknown one says that it is a bug and offers --debug', async () => {
    const broken = async (): Promise<string> => {
      throw new RangeError('out of luck');
    };
    expect(await runHere(['sql'], { readStdin: broken })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'sesh: Unexpected error, a bug in sesh: out of luck\nRun the command again with --debug to see where it happened.\n',
    });
    expect((await runHere(['sql', '--debug'], { readStdin: broken })).stderr).toMatch(
      /RangeError: out of luck\n +at .*broken/,
    );
  });
});
