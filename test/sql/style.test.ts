import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagedSql } from '../../src/views/sql-folder.ts';
import { repository } from '../helpers/cli.ts';

const files = readdirSync(packagedSql, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.sql'))
  .sort();

const KEYWORDS =
  /\b(SELECT|FROM|WHERE|WITH|JOIN|LEFT|ON|GROUP|ORDER|BY|CASE|WHEN|THEN|ELSE|END|AS|AND|OR|NOT|NULL|IS|IN|FILTER|OVER|UNION|ALL|COALESCE|COUNT|SUM|MIN|MAX)\b/;

/** The SQL alone: comments and strings may say anything. */
function bare(text: string): string {
  return text.replaceAll(/--.*$/gm, '').replaceAll(/'(?:[^']|'')*'/g, "''");
}

describe('every SQL file is written alike', () => {
  test.each(files)('%s', (file) => {
    const text = readFileSync(`${packagedSql}/${file}`, 'utf8');
    const lines = text.split('\n');
    expect({
      endsWithOneLineFeed: /[^\n]\n$/.test(text),
      tabs: lines.filter((line) => line.includes('\t')),
      trailingSpaces: lines.filter((line) => /\s$/.test(line)),
      tooLong: lines.filter((line) => line.replaceAll(/'(?:[^']|'')*'/g, "''").length > 120),
      oddIndent: lines.filter((line) => !line.startsWith('--') && (/^ */.exec(line)?.[0].length ?? 0) % 2 === 1),
      upperCase: bare(text)
        .split('\n')
        .filter((line) => KEYWORDS.test(line)),
      leadingCommas: lines.filter((line) => /^\s*,/.test(line)),
    }).toEqual({
      endsWithOneLineFeed: true,
      tabs: [],
      trailingSpaces: [],
      tooLong: [],
      oddIndent: [],
      upperCase: [],
      leadingCommas: [],
    });
  });
});

test('no window reaches over all rows: with more than one thread DuckDB 1.5 now and then ends at it (its issue 25713)', () => {
  const source = join(repository, 'src');
  const modules = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const paths = [...files.map((file) => `${packagedSql}/${file}`), ...modules.map((file) => join(source, file))];
  expect(paths.filter((path) => /\bover\s*\(\s*\)/.test(readFileSync(path, 'utf8')))).toEqual([]);
});

const viewFiles = files.filter((file) => !file.startsWith('macros/'));

describe('every view imports first', () => {
  test.each(viewFiles)('%s', (file) => {
    const body = readFileSync(`${packagedSql}/${file}`, 'utf8').replaceAll(/^--.*\n/gm, '');
    const [firstWord] = body.split(/\s/);
    expect(['with', 'select', 'from']).toContain(firstWord);
    // Once a step that computes has begun, whole-view imports would be hidden in the middle.
    const steps = [...body.matchAll(/^(?:with )?([a-z_]+) as (?:materialized )?\((.*)$/gm)];
    const kinds = steps.map(([, , rest = '']) => (/^from [a-z_.]+(\(.*\))?\),?$/.test(rest) ? 'import' : 'step'));
    expect(kinds).toEqual([...kinds].sort());
  });
});
