import { assert, constantFrom, integer, property, string } from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { tableLines, truncate, type TableColumn } from '../../src/commands/table.ts';
import type { Line } from '../../src/commands/terminal.ts';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly cost: string;
}

const columns: readonly TableColumn<Row>[] = [
  { title: 'ID', value: (row) => row.id },
  { title: 'TITLE', value: (row) => row.title, flexible: true },
  { title: 'COST', value: (row) => row.cost, align: 'right', spare: 1 },
];

function text(line: Line): string {
  return typeof line === 'string'
    ? line
    : line.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}

const rows: readonly Row[] = [
  { id: 'a1', title: 'Fix the login page', cost: '$1.20' },
  { id: 'b22', title: '世界 and more', cost: '$12.00' },
];

test('a table has aligned columns, a bold header and no trailing spaces', () => {
  const lines = tableLines(columns, rows, null);
  expect(lines[0]).toEqual([{ style: 'bold', text: 'ID   TITLE                 COST' }]);
  expect(lines.slice(1)).toEqual(['a1   Fix the login page   $1.20', 'b22  世界 and more       $12.00']);
});

test('flexible columns shrink, with an ellipsis, until the table fits', () => {
  expect(tableLines(columns, rows, 24).map(text)).toEqual([
    'ID   TITLE          COST',
    'a1   Fix the lo…   $1.20',
    'b22  世界 and m…  $12.00',
  ]);
});

test('a spare column goes when shrinking is not enough', () => {
  expect(tableLines(columns, rows, 14).map(text)).toEqual(['ID   TITLE', 'a1   Fix the …', 'b22  世界 and…']);
});

test('control characters and line breaks in a cell cannot break the table', () => {
  const hostile = [{ id: 'x', title: 'a\n\u001b[2Jb\tc', cost: '' }];
  expect(tableLines(columns, hostile, null).map(text)).toEqual(['ID  TITLE      COST', 'x   a⏎␛[2Jb c']);
});

test('a table without rows is its header', () => {
  expect(tableLines(columns, [], 80).map(text)).toEqual(['ID  TITLE  COST']);
});

test.each([
  ['short', 10, 'short'],
  ['exactly10!', 10, 'exactly10!'],
  ['elevenchars', 10, 'elevencha…'],
  ['世界世界世界', 6, '世界…'],
  ['世界世界世界', 5, '世界…'],
  ['🙂🙂🙂', 4, '🙂…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
])('%j in %d columns is %j', (long, width, expected) => expect(truncate(long, width)).toBe(expected));

test('no cut text is ever wider than its place', () => {
  assert(
    property(string({ unit: 'grapheme', maxLength: 40 }), integer({ min: 1, max: 40 }), (long, width) => {
      expect(stringWidth(truncate(long, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test('a text is cut where a walk over its graphemes cuts it', () => {
  const unit = constantFrom(
    'a',
    'b',
    ' ',
    '©',
    'é',
    '\u0301',
    '世',
    '🙂',
    '\u{1f3fd}',
    '❤\ufe0f',
    '\u0600',
    '한',
    '\u11a8',
  );
  const plain = (text: string, width: number): string => {
    const parts = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment);
    const widths = parts.map((part) => stringWidth(part));
    const upTo = (count: number): number => widths.slice(0, count).reduce((sum, own) => sum + own, 0);
    if (upTo(parts.length) <= width) return text;
    const kept = parts.findLastIndex((_, index) => upTo(index + 1) < width) + 1;
    return `${parts.slice(0, kept).join('')}…`;
  };
  assert(
    property(string({ unit, maxLength: 20 }), integer({ min: 1, max: 20 }), (long, width) => {
      expect(truncate(long, width)).toBe(plain(long, width));
    }),
    { numRuns: 1000 },
  );
});

test('free text is cut at 160 characters also where nothing else is', () => {
  const prose: readonly TableColumn<Row>[] = [
    { title: 'ID', value: (row) => row.id },
    { title: 'COMMAND', value: (row) => row.title, prose: true },
  ];
  const long = { id: 'i'.repeat(200), title: `first\n${'t'.repeat(200)}`, cost: '' };
  expect(tableLines(prose, [long], null).map(text)).toEqual([
    `ID${' '.repeat(200)}COMMAND`,
    `${'i'.repeat(200)}  first⏎${'t'.repeat(153)}…`,
  ]);
});

test('text that is only counted is as wide as it is long', () => {
  const counted = [...Array(0x2580).keys()]
    .map((code) => String.fromCharCode(code))
    .filter((character) => /[ -~\u00a1-\u00ac\u00ae-\u02af\u2010-\u2027\u23ce\u2500-\u257f]/.test(character));
  expect(counted.filter((character) => stringWidth(character) !== 1)).toEqual([]);
  expect(stringWidth(counted.join(''))).toBe(counted.length);
});
