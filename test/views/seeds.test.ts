import { expect, test } from 'vitest';
import { createSeed, parseSeed } from '../../src/views/seeds.ts';

test('a CSV becomes a table: types in the header, quotes, commas, line feeds, empty cells', () => {
  const seed = parseSeed('rules', 'id,at_least:double,pattern\na,1.5,"x, ""y""\nz"\r\nb,,\n');
  expect(seed).toEqual({
    name: 'seeds.rules',
    columns: [
      { name: 'id', type: 'varchar' },
      { name: 'at_least', type: 'double' },
      { name: 'pattern', type: 'varchar' },
    ],
    rows: [
      ['a', '1.5', 'x, "y"\nz'],
      ['b', '', ''],
    ],
  });
  expect(createSeed(seed)).toBe(
    'create table seeds.rules ("id" varchar, "at_least" double, "pattern" varchar);\n' +
      `insert into seeds.rules values ('a'::varchar, '1.5'::double, 'x, "y"\nz'::varchar),\n('b'::varchar, null, null);`,
  );
});

test('a seed without rows is an empty table', () => {
  expect(createSeed(parseSeed('none', 'id\n'))).toBe('create table seeds.none ("id" varchar);\n');
});

test('a quote in a cell stays a quote and ends no literal', () => {
  expect(createSeed(parseSeed('rules', "id\nit's\n"))).toContain("('it''s'::varchar)");
});

test('the last line may end without a line feed, also after a comma', () => {
  expect(parseSeed('rules', 'a,b\n1,2').rows).toEqual([['1', '2']]);
  expect(parseSeed('rules', 'a,b\n1,').rows).toEqual([['1', '']]);
});

test.each([
  ['a row of another length', 'a,b\n1,2\n1\n', /Expected 2 cells in sql\/seeds\/rules.csv, got 1 in row 2/],
  ['a header that is no name', 'a b\n1\n', /got "a b"/],
  ['a type that is no word', 'a:int);drop\n1\n', /got "a:int\);drop"/],
  ['text behind a closed quote', 'a\n"x"y\n', /Expected CSV, got/],
])('%s is refused', (_what, text, message) => {
  expect(() => parseSeed('rules', text)).toThrow(message);
});
