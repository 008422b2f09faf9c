import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { repository } from '../helpers/cli.ts';

const source = join(repository, 'src');

/** What they read has a length that somebody of ours decides: numbers of the program, a person's own settings and answers. */
const ownTexts = new Set([
  'core/figures.ts',
  'judge/render/elide.ts',
  'judge/settings.ts',
  'judge/calibrate/label/dialogue.ts',
  'commands/command-line.ts',
]);

function patternsIn(path: string): readonly RegExp[] {
  const file = ts.createSourceFile(path, readFileSync(join(source, path), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const samples: Readonly<Record<string, string>> = {
  s: ' ',
  d: '1',
  w: 'a',
  S: 'z',
  D: 'z',
  W: '-',
  n: '\n',
  r: '\r',
  t: '\t',
  b: '',
  B: '',
};
const ofClass = ['a', ' ', '1', '-', '.', '/', '_', '"', "'", '=', '\t', '\n', '`', '<', '|', '\u001b'];

/** One character for each part of a pattern that takes some, in order. */
function charactersOf(pattern: string): readonly string[] {
  const part =
    /\\u\{?[0-9a-f]+\}?|\\[pP]\{[^}]*\}|\\k<\w+>|\\(.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|<\w+>|:|[a-z-]+:)|\{\d+,?\d*\}|[()|*+?^$]|([^])/giu;
  return [...pattern.matchAll(part)].flatMap(([whole, escaped, plain]) => {
    if (escaped !== undefined) return samples[escaped] ?? escaped;
    if (plain !== undefined) return plain === '.' ? 'x' : plain;
    if (whole.startsWith('\\u'))
      return String.fromCodePoint(Number.parseInt(whole.replaceAll(/[^0-9a-f]/gi, ''), 16) || 65);
    if (!whole.startsWith('[')) return [];
    const fits = new RegExp(`^${whole}$`, whole.includes('\\u{') || whole.includes('\\p') ? 'u' : '');
    return ofClass.find((character) => fits.test(character)) ?? [];
  });
}

/** Texts in which a repeated part could match in many ways, and in the end does not. */
function attacks(pattern: RegExp, length: number): readonly string[] {
  const characters = charactersOf(pattern.source).filter((character) => character !== '');
  const pairs = characters.map((character, index) => character + (characters[index + 1] ?? ''));
  const pumps = new Set([' ', 'a', '\n', ...characters, ...pairs, characters.join('') || 'a']);
  const beginnings = new Set([
    '',
    ...characters.slice(0, 10).map((_, index) => characters.slice(0, index + 1).join('')),
  ]);
  return [...beginnings].flatMap((beginning) =>
    [...pumps].map((pump) => `${beginning}${pump.repeat(Math.ceil(length / pump.length))}\u0000`),
  );
}

/** Milliseconds of processor time: the machine may be busy with something else. */
function cost(pattern: RegExp, text: string): number {
  const before = process.cpuUsage();
  pattern.lastIndex = 0;
  if (pattern.global || pattern.sticky) text.replace(pattern, '');
  else pattern.test(text);
  return process.cpuUsage(before).user / 1000;
}

// Each step of a pattern takes a few nanoseconds: 5,000 characters take far below a millisecond, their square 15 or more.
const LENGTH = 5000;
const SUSPECT_MS = 4;

const square = /\s*x$/g;
const squared = ' '.repeat(LENGTH);

/** Whether the text takes more than a third of what a square takes here and now: a machine may be slow, or busy with other tests. */
function isSlow(pattern: RegExp, text: string): boolean {
  const tries = [1, 2, 3, 4, 5];
  if (tries.some(() => cost(pattern, text) <= SUSPECT_MS)) return false;
  const least = (ofWhat: () => number): number => Math.min(...tries.map(ofWhat));
  return least(() => cost(pattern, text)) > least(() => cost(square, squared)) / 3;
}

function slowAttack(pattern: RegExp): string | null {
  const slow = attacks(pattern, LENGTH).find((text) => isSlow(pattern, text));
  return slow === undefined ? null : JSON.stringify(slow.slice(0, 20));
}

test('every pattern takes time in proportion to the text, whatever the text (T03)', () => {
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !ownTexts.has(path),
  );
  const found = paths.flatMap((path) => patternsIn(path).map((pattern) => ({ path, pattern })));
  expect(found.length).toBeGreaterThan(400);
  const slow = found.flatMap(({ path, pattern }) => {
    const attack = slowAttack(pattern);
    return attack === null ? [] : [`${path}: ${String(pattern)} on ${attack}`];
  });
  expect(slow).toEqual([]);
}, 120_000);

test.each([/\s*x$/, /^(a+)+$/])('the search finds %s', (pattern) => {
  const short = pattern.source.includes(')+') ? 24 : LENGTH;
  expect(attacks(pattern, short).some((text) => isSlow(pattern, text))).toBe(true);
});
