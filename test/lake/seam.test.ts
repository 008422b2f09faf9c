import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { outerSteps, steps } from '../../src/rehearsal/step.ts';

const source = resolve(import.meta.dirname, '../../src');

const writers =
  /^(?:appendFile|chmod|chown|copyFile|cp|createWriteStream|fchmod|fsync|ftruncate|futimes|lchown|link|lutimes|mkdir|mkdtemp|open|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writeFile|writev)(?:Sync)?$/;

/** Who else may, and why: nothing of it is part of the store. Those that write pass steps too. */
const others: Readonly<Record<string, readonly string[]>> = {
  'read/source-file.ts': ['openSync'], // O_RDONLY
  'read/database.ts': ['mkdirSync', 'mkdtempSync', 'openSync', 'rmSync', 'writeFileSync'], // a scratch copy, gone when it is closed; SQLite needs it at once
  'report/issues/write.ts': ['open'], // O_RDONLY
  'views/connection.ts': ['mkdirSync'], // where DuckDB may spill; a look-up needs no lock and changes no table
};

/** They read what a person or this program wrote, never a source. */
const onlyReads: ReadonlySet<string> = new Set(['report/issues/write.ts']);

function writersIn(text: string): readonly string[] {
  const imported = [...text.matchAll(/import \{([^}]*)\} from '(?:node:)?fs(?:\/promises)?'/g)].flatMap(([, names]) =>
    (names ?? '').split(',').map((name) => name.trim().split(' as ')[0] ?? ''),
  );
  const called = [...text.matchAll(/\b(?:fs|promises|fsPromises)\.(\w+)\(/g)].map(([, name]) => name ?? '');
  return [...new Set([...imported, ...called])].filter((name) => writers.test(name)).sort();
}

const textOf = (path: string): string => readFileSync(join(source, path), 'utf8');

test('one module writes to disk, so that every change passes a step (F01)', () => {
  const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== join('lake', 'files.ts'))
    .map((path): [string, readonly string[]] => [path.split('\\').join('/'), writersIn(textOf(path))])
    .filter(([path, names]) => names.some((name) => !(others[path] ?? []).includes(name)));
  expect(Object.fromEntries(found)).toEqual({});
});

test('whoever else writes, or reads sources, passes steps (F01)', () => {
  const silent = Object.keys(others).filter((path) => !onlyReads.has(path) && !/\bstep\('/.test(textOf(path)));
  expect(silent).toEqual([]);
});

test('the search finds what files.ts itself uses', () => {
  expect(writersIn(textOf('lake/files.ts'))).toEqual(['link', 'mkdir', 'mkdtemp', 'open', 'rename', 'rm']);
});

interface Body {
  readonly isExported: boolean;
  /** Everything that it calls, and every step that it names. */
  readonly calls: ReadonlySet<string>;
  readonly steps: ReadonlySet<string>;
}

/** The functions of a module, by name. */
function functionsOf(text: string): ReadonlyMap<string, Body> {
  const file = ts.createSourceFile('files.ts', text, ts.ScriptTarget.Latest, true);
  const bodies = new Map<string, Body>();
  for (const statement of file.statements) {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) continue;
    const calls = new Set<string>();
    const named = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) {
        const { expression, arguments: given } = node;
        const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
        calls.add(name);
        const [first] = given;
        if (name === 'step' && first !== undefined && ts.isStringLiteral(first)) named.add(first.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(statement);
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    bodies.set(statement.name.text, { isExported, calls, steps: named });
  }
  return bodies;
}

/** All that a function does, itself or through functions of the same module. */
function reach(bodies: ReadonlyMap<string, Body>, name: string, seen = new Set<string>()): Body {
  const own = bodies.get(name);
  if (own === undefined || seen.has(name)) return { isExported: false, calls: new Set(), steps: new Set() };
  seen.add(name);
  const below = [...own.calls].map((call) => reach(bodies, call, seen));
  return {
    isExported: own.isExported,
    calls: new Set([...own.calls, ...below.flatMap(({ calls }) => [...calls])]),
    steps: new Set([...own.steps, ...below.flatMap((body) => [...body.steps])]),
  };
}

/** Exported functions that change the disk without a step before and one after. */
function withoutSteps(text: string): readonly string[] {
  const changes = new Set(['link', 'mkdir', 'mkdtemp', 'rename', 'rm', 'writeFile', 'appendFile', 'chmod', 'write']);
  const bodies = functionsOf(text);
  return [...bodies.keys()].filter((name) => {
    const all = reach(bodies, name);
    const isChange = [...all.calls].some((call) => changes.has(call));
    const has = (when: string): boolean => [...all.steps].some((step) => step.endsWith(`:${when}`));
    return all.isExported && isChange && !(has('before') && has('after'));
  });
}

describe('every function that changes the disk (F01)', () => {
  test('has a step before and one after', () => expect(withoutSteps(textOf('lake/files.ts'))).toEqual([]));

  test('is found by this test when it has none', () => {
    const silent = `export async function silent(path: string) { await hidden(path); }
      async function hidden(path: string) { await rm(path); }
      export async function told(path: string) { step('remove:before'); await hidden(path); step('remove:after'); }
      export async function half(path: string) { step('remove:before'); await hidden(path); }`;
    expect(withoutSteps(silent)).toEqual(['silent', 'half']);
  });

  test('waits for the disk in places that have a step of their own', () => {
    const bodies = functionsOf(textOf('lake/files.ts'));
    const syncs = [...bodies]
      .filter(([, { calls }]) => calls.has('sync'))
      .map(([name, body]) => [name, [...body.steps]]);
    expect(syncs).toEqual([
      ['syncContent', ['sync:file']],
      ['syncDirectory', ['sync:folder']],
    ]);
  });
});

test('every step is passed somewhere, and every passed step is known (F01)', () => {
  const passed = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('step.ts'))
    .flatMap((path) => [...textOf(path).matchAll(/\bstep\('([a-z]+:[a-z]+)'\)/g)].map(([, name]) => name ?? ''));
  expect([...new Set(passed)].sort()).toEqual([...steps, ...outerSteps].sort());
});
