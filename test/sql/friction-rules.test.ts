import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { loadCatalog } from '../../src/views/load.ts';

type Rule = Readonly<Record<string, string>>;

function seedRows(name: string): readonly Rule[] {
  const seed = loadCatalog().seeds.get(name);
  if (seed === undefined) throw new TypeError(`Expected a seed ${name}`);
  return seed.rows.map((row) =>
    Object.fromEntries(seed.columns.map((column, index) => [column.name, row[index] ?? ''])),
  );
}

const rules = seedRows('seeds.friction_rules');
const withPattern = rules.filter((rule) => rule['pattern'] !== '');
const lines = (rule: Rule, column: string): readonly string[] =>
  (rule[column] ?? '').split('\n').filter((line) => line !== '');
const examples = (column: string): readonly (readonly [string, string, Rule])[] =>
  withPattern.flatMap((rule) => lines(rule, column).map((line) => [rule['rule_id'] ?? '', line, rule] as const));

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
afterAll(() => connection.closeSync());

/** As `intermediate.ruled_troubles` tries a line: one of the words, then the pattern. */
async function fits(rule: Rule, line: string): Promise<boolean> {
  const words = (rule['words'] ?? '').split('|');
  if (!words.some((word) => line.toLowerCase().includes(word))) return false;
  const reader = await connection.runAndReadAll("select regexp_matches($1::varchar, $2::varchar, 'i')", [
    line,
    rule['pattern'] ?? '',
  ]);
  return reader.getRowsJson()[0]?.[0] === true;
}

describe('a line that must match a friction rule does', () => {
  test.each(examples('must_match'))('%s: %s', async (_id, line, rule) => {
    expect(await fits(rule, line)).toBe(true);
  });
});

describe('a line that must not match a friction rule does not', () => {
  test.each(examples('must_not_match'))('%s: %s', async (_id, line, rule) => {
    expect(await fits(rule, line)).toBe(false);
  });
});

test('every friction rule with a pattern has words and an example of both kinds', () => {
  const incomplete = withPattern.filter((rule) =>
    ['words', 'must_match', 'must_not_match'].some((column) => lines(rule, column).length === 0),
  );
  expect(incomplete.map((rule) => rule['rule_id'])).toEqual([]);
});

test('words of friction rules are lower case, as the text that they are looked for in', () => {
  expect(rules.filter((rule) => rule['words'] !== rule['words']?.toLowerCase())).toEqual([]);
});

test('friction rules have ids of their own and a remedy', () => {
  const ids = rules.map((rule) => rule['rule_id']);
  expect(new Set(ids).size).toBe(ids.length);
  expect(rules.filter((rule) => rule['remedy'] === '')).toEqual([]);
});

test('friction rules speak of troubles, tools and signatures that exist', () => {
  const kinds = new Set(seedRows('seeds.tool_kinds').map((row) => row['tool_kind']));
  const odd = rules.filter(
    (rule) =>
      !['result', 'interrupt', 'api_error', 'compaction', 'loop', 'run'].includes(rule['matches'] ?? '') ||
      !['message', 'command', 'rule'].includes(rule['signature_from'] ?? '') ||
      !(rule['tool_kinds'] ?? '').split(' ').every((kind) => kind === '' || kinds.has(kind)),
  );
  expect(odd.map((rule) => rule['rule_id'])).toEqual([]);
});
