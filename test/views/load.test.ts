import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStatements, createView, loadCatalog } from '../../src/views/load.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sesh-sql-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(layer: string, name: string, text: string): void {
  mkdirSync(`${folder}/${layer}`, { recursive: true });
  writeFileSync(`${folder}/${layer}/${name}`, text);
}

function view(reads: string, select: string, parameters = ''): string {
  const extra = parameters === '' ? '' : `-- parameters: ${parameters}\n`;
  return `-- A.\n-- grain: one row\n-- key: a\n-- reads: ${reads}\n${extra}-- columns:\n--   a: a\n${select}\n`;
}

test('views come after those that they read, whatever their names and layers', () => {
  write('marts', 'a.sql', view('z', 'from z'));
  write('marts', 'z.sql', view('intermediate.m', 'from intermediate.m(1)'));
  write('intermediate', 'm.sql', view('staging.s', 'from staging.s', 'since'));
  write('staging', 's.sql', view('lake.events', 'from lake.events'));
  expect([...loadCatalog(folder).views.keys()]).toEqual(['staging.s', 'intermediate.m', 'z', 'a']);
});

test('a view is a statement of its schema, and with parameters a table macro', () => {
  write('marts', 'z.sql', view('intermediate.m', 'from intermediate.m(1, 2)'));
  write('intermediate', 'm.sql', view('lake.events', 'from lake.events', 'since, until'));
  expect([...loadCatalog(folder).views.values()].map((made) => createView(made, true))).toEqual([
    'create macro intermediate.m(since, until) as table from lake.events;',
    'create view main.z as from intermediate.m(1, 2);',
  ]);
});

test('the rows of a kept view are found once, but not for a query that only asks what there is', () => {
  write(
    'marts',
    'k.sql',
    view('lake.events', 'from lake.events').replace('-- reads', '-- kept: two read it\n-- reads'),
  );
  const [kept] = loadCatalog(folder).views.values();
  expect(kept === undefined ? [] : [createView(kept, true), createView(kept, false)]).toEqual([
    'create table main.k as from lake.events;',
    'create view main.k as from lake.events;',
  ]);
});

test('only what is wanted and what it reads is made, once', () => {
  write('marts', 'a.sql', view('b, seeds.rules', 'from b'));
  write('marts', 'b.sql', view('lake.events', 'from lake.events'));
  write('marts', 'c.sql', view('lake.events', 'from lake.events'));
  write('seeds', 'rules.csv', 'id\n');
  write('seeds', 'other.csv', 'id\n');
  const catalog = loadCatalog(folder);
  const made = (wanted: readonly string[], before: readonly string[] = []): readonly string[] => [
    ...createStatements(catalog, new Set(wanted), new Set(before), true).keys(),
  ];
  expect(made(['a', 'unheard_of'])).toEqual(['seeds.rules', 'b', 'a']);
  expect(made(['a'], ['b', 'seeds.rules'])).toEqual(['a']);
  expect(made(['seeds.other'])).toEqual(['seeds.other']);
});

test('macros are read in the order of their files, each on its own, and made where something calls them', () => {
  write('macros', 'b.sql', '-- Calls.\ncreate macro two() as one() + 1;\n-- Alone.\ncreate macro three() as 3;\n');
  write('macros', 'a.sql', 'create macro one() as 1;');
  write('marts', 'a.sql', view('lake.events', 'select TWO () as a from lake.events'));
  const catalog = loadCatalog(folder);
  expect([...catalog.macros.values()].map(({ create }) => create)).toEqual([
    'create macro one() as 1;',
    'create macro two() as one() + 1;',
    'create macro three() as 3;',
  ]);
  expect([...createStatements(catalog, new Set(['a']), new Set(), true).keys()]).toEqual(['one', 'two', 'a']);
});

test('views that read in a circle are refused', () => {
  write('marts', 'a.sql', view('b', 'from b'));
  write('marts', 'b.sql', view('a', 'from a'));
  expect(() => loadCatalog(folder)).toThrow('Views read in a circle: a -> b -> a');
});
