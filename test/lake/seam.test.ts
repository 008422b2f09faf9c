import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const source = resolve(import.meta.dirname, '../../src');

const writers =
  /^(?:appendFile|chmod|chown|copyFile|cp|createWriteStream|fchmod|fsync|ftruncate|futimes|lchown|link|lutimes|mkdir|mkdtemp|open|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writeFile|writev)(?:Sync)?$/;

/** Who else may, and why: nothing of it is part of the store. */
const others: Readonly<Record<string, readonly string[]>> = {
  'read/source-file.ts': ['openSync'], // O_RDONLY
  'read/database.ts': ['chmodSync', 'copyFileSync', 'mkdirSync', 'mkdtempSync', 'rmSync'], // a scratch copy, gone when it is closed
  'report/issues/write.ts': ['open'], // O_RDONLY
  'commands/restore.ts': ['open', 'unlink'], // the file that the person asked for
  'commands/start.ts': ['mkdtemp', 'rm'], // the demo's store, outside every store, gone when the demo ends
  'views/connection.ts': ['mkdirSync'], // where DuckDB may spill
};

function writersIn(text: string): readonly string[] {
  const imported = [...text.matchAll(/import \{([^}]*)\} from '(?:node:)?fs(?:\/promises)?'/g)].flatMap(([, names]) =>
    (names ?? '').split(',').map((name) => name.trim().split(' as ')[0] ?? ''),
  );
  const called = [...text.matchAll(/\b(?:fs|promises|fsPromises)\.(\w+)\(/g)].map(([, name]) => name ?? '');
  return [...new Set([...imported, ...called])].filter((name) => writers.test(name)).sort();
}

test('one module writes to disk, so that every change passes a step', () => {
  const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== join('lake', 'files.ts'))
    .map((path): [string, readonly string[]] => [
      path.split('\\').join('/'),
      writersIn(readFileSync(join(source, path), 'utf8')),
    ])
    .filter(([path, names]) => names.some((name) => !(others[path] ?? []).includes(name)));
  expect(Object.fromEntries(found)).toEqual({});
});

test('the search finds what files.ts itself uses', () => {
  expect(writersIn(readFileSync(join(source, 'lake/files.ts'), 'utf8'))).toEqual([
    'link',
    'mkdir',
    'open',
    'rename',
    'rm',
  ]);
});
