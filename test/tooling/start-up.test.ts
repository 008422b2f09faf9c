import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');

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

test("the engine's client is loaded in one way: an import of its CommonJS files reads each twice", () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const importing = files.filter((file) =>
    /^import (?!type )[^;]*?'@duckdb\/node-api';|import\('@duckdb\/node-api'\)/m.test(
      readFileSync(join(source, file), 'utf8'),
    ),
  );
  expect(importing).toEqual([]);
});

test('the process for a statement starts before what asks it is loaded', () => {
  const before = loadedBy('commands/sql-start.ts').filter((module) => module.endsWith('.ts'));
  expect(before).toEqual(['commands/sql-process.ts', 'commands/sql-start.ts', 'core/errors.ts', 'core/time.ts']);
});

// The engine is required, and not among the imports.
test('a look loads views and no adapter, no price list and no parser of command lines', () => {
  const loaded = [...loadedBy('cli.ts'), ...loadedBy('commands/session-list.ts')];
  expect(loaded.filter((module) => heavy.test(module))).toEqual([]);
  expect(new Set(loaded.filter((module) => module.endsWith('.ts'))).size).toBeLessThanOrEqual(72);
  const kept = [...loadedBy('cli.ts'), ...loadedBy('commands/sessions.ts')];
  expect(kept.filter((module) => module.startsWith('views/'))).toEqual(['views/contract.ts', 'views/sql-folder.ts']);
});
