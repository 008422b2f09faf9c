import { expect, test } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { readFilters } from '../../src/commands/filters.ts';
import { readFlags } from '../../src/commands/options.ts';

test('options are read as what they are', () => {
  const flags = readFlags({
    since: '14d',
    json: true,
    verbose: [true, true],
    root: ['a', 'b'],
    agent: 'codex',
    limit: '20',
  });
  expect({
    since: flags.text('since'),
    until: flags.text('until'),
    json: flags.flag('json'),
    verbose: flags.flag('verbose'),
    debug: flags.flag('debug'),
    root: flags.list('root'),
    agent: flags.list('agent'),
    limit: flags.count('limit', 5),
    otherwise: readFlags({}).count('limit', 5),
  }).toEqual({
    since: '14d',
    until: undefined,
    json: true,
    verbose: true,
    debug: false,
    root: ['a', 'b'],
    agent: ['codex'],
    limit: 20,
    otherwise: 5,
  });
});

test('an option of one value that is given twice is refused', () =>
  expect(() => readFlags({ since: ['1d', '2d'] }).text('since')).toThrow(
    new UsageError('Expected --since once, got it 2 times.'),
  ));

test('an empty value is refused', () =>
  expect(() => readFlags({ project: '' }).text('project')).toThrow(/Expected a value after --project/));

test.each(['0', '-1', '1.5', '1e3', 'x', ' 5', '9999999999'])('%j is no number of rows', (text) =>
  expect(() => readFlags({ limit: text }).count('limit', 5)).toThrow(
    new UsageError(`Expected --limit to be a whole number of at least 1, got "${text}".`),
  ),
);

test('filters keep what a person types apart from the SQL (T09)', () => {
  const evil = "x'); drop table events; --";
  const filters = readFilters(
    readFlags({
      project: evil,
      branch: 'main',
      model: 'opus',
      user: 'ana',
      agent: ['codex', 'pi'],
      'min-active': '10m',
    }),
  );
  expect(filters).toEqual({
    where: [
      'contains(lower(project), lower($1))',
      'contains(lower(git_branch), lower($2))',
      "contains(lower(array_to_string(models, ' ')), lower($3))",
      '"user" = $4',
      "list_contains(string_split($5, ','), agent)",
      'active_s >= $6',
    ].join(' and '),
    parameters: [evil, 'main', 'opus', 'ana', 'codex,pi', 600],
  });
});

test('without filters everything is wanted', () =>
  expect(readFilters(readFlags({}))).toEqual({ where: 'true', parameters: [] }));
