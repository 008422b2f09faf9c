import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { repository } from '../helpers/cli.ts';

/** How a text that is SQL begins. */
const BEGINS =
  /^\s*(?:select\s|from [\w.$({]|create (?:or |view|table|macro|schema)|insert into|copy [\w(]|set (?:variable|global|[a-z_]+ =)|with \w+ as|drop |delete from|update \w+ set|attach |semi join|explain )/;

interface Fragment {
  readonly path: string;
  readonly expression: string;
}

/** What is put into texts that are SQL, but for what a quoting function gives. */
function fragmentsIn(path: string, text: string): readonly Fragment[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Fragment[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      const sql = node.head.text + node.templateSpans.map(({ literal }) => `$${literal.text}`).join('');
      for (const { expression } of BEGINS.test(sql) ? node.templateSpans : []) {
        const written = expression.getText().replaceAll(/\s+/g, ' ');
        if (!/^(?:literal|literalList|parquet|identifier|idsText|sameSession)\(/.test(written))
          found.push({ path, expression: written });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const source = join(repository, 'src');
const fragments = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => fragmentsIn(path, readFileSync(join(source, path), 'utf8')));

describe('SQL is made of our own words', () => {
  test('no text of a person, a transcript or the environment is put into it but by a quoting function (T08, T09)', () => {
    const outside =
      /\b(?:flags|argument|second|env|process|row|record|event|prompt|payload|message|stdin|body|answer|asText|\.text)\b/;
    expect(fragments.length).toBeGreaterThan(50);
    expect(fragments.filter(({ expression }) => outside.test(expression))).toEqual([]);
  });

  // Whoever adds one has looked that it holds names and numbers of our own.
  test('what commands, reports and the judge put into it are these (T09)', () => {
    const near = fragments.filter(({ path }) => /^(?:commands|report|judge)\b/.test(path));
    const known = new Set([
      'MEASURED',
      'MOST_CANDIDATES + 1',
      'columns',
      'familySums',
      'from',
      'join',
      'limit',
      'modelSums',
      'name',
      'order',
      "places.join(', ')",
      'sums',
      'text',
      'where',
      'windowFigures(settings)',
    ]);
    expect(near.filter(({ expression }) => !known.has(expression))).toEqual([]);
  });

  test('Parquet files are read in one way, which takes no folder for a column and no name for a pattern (T10)', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const reading = files.filter((path) => readFileSync(join(source, path), 'utf8').includes('read_parquet('));
    expect(reading).toEqual(['lake/duck.ts']);
  });

  test('the search finds what it looks for', () =>
    expect(
      fragmentsIn(
        'a.ts',
        'const a = `select ${identifier(x)} from t where a = ${flags.text("x")}`; const b = `told from ${row}`; const c = `from ${row} x`;',
      ).map(({ expression }) => expression),
    ).toEqual(['flags.text("x")', 'row']));
});
