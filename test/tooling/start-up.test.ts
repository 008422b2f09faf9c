import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');
const program = join(import.meta.dirname, '../../dist');

function namesBelow(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => ending.test(file));
}

/** The files of the built program that are read for a command: those of `entry`, and of the part that is named after the command. */
function partsOf(entry: string, command: string | null): readonly string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) [^;]*?"(\.[^"]+)";/gm)) {
      visit(join(dirname(file), from));
    }
  };
  visit(join(program, entry));
  const ofCommand = namesBelow(join(program, 'parts'), new RegExp(`^${command}-.{8}[.]js$`));
  for (const part of command === null ? [] : ofCommand) visit(join(program, 'parts', part));
  return [...seen];
}

/** Modules that are loaded before the first line of a file runs: its imports and theirs, without those of types alone. */
function loadedBy(entry: string): readonly string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!file.endsWith('.ts')) return;
    const text = readFileSync(file, 'utf8');
    for (const [, names = '', from = ''] of text.matchAll(/^(?:import|export) ([^;]*?)(?:from )?'([^']+)';/gm)) {
      if (!names.startsWith('type ')) visit(from.startsWith('.') ? join(dirname(file), from) : from);
    }
  };
  visit(join(source, entry));
  return [...seen].map((file) => (file.startsWith(source) ? relative(source, file) : file)).sort();
}

const heavy =
  /(?:^|\/)adapt\.ts$|@duckdb|genai-prices|cli-progress|yargs|^openai|@anthropic-ai|^zod|secretlint|^yaml|sqlite/;

test('a sync with nothing new loads no engine, no adapter and no price list', () => {
  const loaded = [...loadedBy('cli.ts'), ...loadedBy('commands/sync.ts')];
  expect(loaded.filter((module) => heavy.test(module))).toEqual([]);
  expect(new Set(loaded.filter((module) => module.endsWith('.ts'))).size).toBeLessThanOrEqual(170);
});

test('--version loads what prints it', () => {
  expect(loadedBy('cli.ts').filter((module) => heavy.test(module))).toEqual([]);
});

test("the engine's client is loaded by one module, and is in one part of the built program", () => {
  const importing = namesBelow(source, /\.ts$/).filter((file) =>
    /^(?:import|export) (?!type )[^;]*?'@duckdb\/node-api';|import\('@duckdb\/node-api'\)/m.test(
      readFileSync(join(source, file), 'utf8'),
    ),
  );
  expect(importing).toEqual(['lake/duck.ts']);
  const holding = namesBelow(program, /^(?!modules).*\.js$/).filter((file) =>
    readFileSync(join(program, file), 'utf8').includes('// node_modules/@duckdb/node-api/'),
  );
  expect(holding.length).toBe(1);
});

test('a look-up reads few files: each costs as much as thousands of lines', () => {
  expect(partsOf('cli.js', 'runs').length).toBeLessThanOrEqual(48);
  expect(partsOf('cli.js', 'stats').length).toBeLessThanOrEqual(32);
  expect(partsOf('sql-child.js', null).length).toBeLessThanOrEqual(32);
});

test('the process for a statement starts before what asks it is loaded', () => {
  const before = loadedBy('commands/sql-start.ts').filter((module) => module.endsWith('.ts'));
  expect(before).toEqual([
    'commands/sql-process.ts',
    'commands/sql-start.ts',
    'core/errors.ts',
    'core/package-root.ts',
    'core/time.ts',
  ]);
});

test('a look loads views and the engine, and no adapter, no price list and no parser of command lines', () => {
  const loaded = [...loadedBy('cli.ts'), ...loadedBy('commands/session-list.ts')];
  expect(loaded.filter((module) => heavy.test(module))).toEqual(['@duckdb/node-api']);
  expect(new Set(loaded.filter((module) => module.endsWith('.ts'))).size).toBeLessThanOrEqual(73);
  const kept = [...loadedBy('cli.ts'), ...loadedBy('commands/sessions.ts')];
  expect(kept.filter((module) => module.startsWith('views/'))).toEqual(['views/contract.ts', 'views/sql-folder.ts']);
});
