import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { asText } from '../../src/core/json.ts';
import { loadCatalog } from '../../src/views/load.ts';
import { complaintsAbout } from '../../src/views/own-rules.ts';
import { findCases } from './helpers/cases.ts';
import { readRows } from './helpers/store.ts';

type Rule = Readonly<Record<string, string>>;

const catalog = loadCatalog();

function seedRows(name: string): readonly Rule[] {
  const seed = catalog.seeds.get(name);
  if (seed === undefined) throw new TypeError(`Expected a seed ${name}`);
  return seed.rows.map((row) =>
    Object.fromEntries(seed.columns.map((column, index) => [column.name, row[index] ?? ''])),
  );
}

const rules = seedRows('seeds.friction_rules');
const cell = (rule: Rule, column: string): string => rule[column] ?? '';
const lines = (rule: Rule, column: string): readonly string[] =>
  cell(rule, column)
    .split('\n')
    .filter((line) => line !== '');

/** One example a test: the rule without its other examples. */
function examples(column: string): readonly (readonly [string, string, Rule])[] {
  const bare = { must_match: '', must_not_match: '', command_must_match: '', command_must_not_match: '' };
  return rules.flatMap((rule) =>
    lines(rule, column).map((line) => [cell(rule, 'rule_id'), line, { ...rule, ...bare, [column]: line }] as const),
  );
}

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run([...catalog.macros.values()].map(({ create }) => create).join('\n'));
});
afterAll(() => connection.closeSync());

describe.each([
  ['must_match', 'a line that must match a friction rule does'],
  ['must_not_match', 'a line that must not match a friction rule does not'],
  ['command_must_match', 'a command that must match a friction rule does'],
  ['command_must_not_match', 'a command that must not match a friction rule does not'],
])('%s: %s', (column) => {
  test.each(examples(column))('%s: %s', async (_id, _line, rule) => {
    expect(await complaintsAbout(connection, rule)).toEqual([]);
  });
});

test('an example that a rule gets wrong is told', async () => {
  const rule = { pattern: '^lost', words: 'lost', must_match: 'lost\nfound', must_not_match: 'lost again' };
  expect(await complaintsAbout(connection, rule)).toEqual([
    'does not match its example "found"',
    'matches its example "lost again"',
  ]);
});

test('every friction rule with a pattern has words and examples of both kinds', () => {
  const incomplete = rules.filter(
    (rule) =>
      (cell(rule, 'pattern') !== '' &&
        ['words', 'must_match', 'must_not_match'].some((column) => lines(rule, column).length === 0)) ||
      (cell(rule, 'command') !== '' &&
        ['command_words', 'command_must_match', 'command_must_not_match'].some(
          (column) => lines(rule, column).length === 0,
        )),
  );
  expect(incomplete.map((rule) => rule['rule_id'])).toEqual([]);
});

test('every friction rule without a pattern and a command is shown by a case of the view friction', () => {
  const shown = new Set(
    findCases().flatMap(({ view, expectedPath }) =>
      view === 'friction' ? readRows(expectedPath).map((row) => asText(row['rule_id'])) : [],
    ),
  );
  const bare = rules.filter((rule) => cell(rule, 'pattern') === '' && cell(rule, 'command') === '');
  expect(bare.length).toBeGreaterThan(0);
  expect(bare.map((rule) => cell(rule, 'rule_id')).filter((id) => !shown.has(id))).toEqual([]);
});

test('words of friction rules are lower case, as the text that they are looked for in', () => {
  const loud = rules.filter((rule) =>
    ['words', 'command_words'].some((column) => cell(rule, column) !== cell(rule, column).toLowerCase()),
  );
  expect(loud.map((rule) => rule['rule_id'])).toEqual([]);
});

test('every friction rule has an id of its own, and what is friction has a remedy and a label for its issue', () => {
  const ids = rules.map((rule) => rule['rule_id']);
  expect(new Set(ids).size).toBe(ids.length);
  const labels = new Set([
    'user-feedback',
    'claude-learnings',
    'bug',
    'documentation',
    'enhancement',
    'security',
    'pipeline',
  ]);
  const bare = rules.filter(
    (rule) => rule['category'] !== 'none' && (rule['remedy'] === '' || !labels.has(cell(rule, 'label'))),
  );
  expect(bare.map((rule) => rule['rule_id'])).toEqual([]);
});

test('friction rules speak of troubles, tools and signatures that exist', () => {
  const kinds = new Set(seedRows('seeds.tool_kinds').map((row) => row['tool_kind']));
  const troubles = new Set(['result', 'interrupt', 'api_error', 'compaction', 'continuation', 'loop', 'run', 'prompt']);
  const odd = rules.filter(
    (rule) =>
      !troubles.has(cell(rule, 'matches')) ||
      !['message', 'command', 'rule'].includes(cell(rule, 'signature_from')) ||
      !cell(rule, 'tool_kinds')
        .split(' ')
        .every((kind) => kind === '' || kinds.has(kind)),
  );
  expect(odd.map((rule) => rule['rule_id'])).toEqual([]);
});
