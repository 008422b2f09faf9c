import { expect, test } from 'vitest';
import { cellText, csvText, markdownText, rowObjects } from '../../src/commands/format.ts';

test('rows become objects, and columns of one name are told apart', () => {
  expect(
    rowObjects({
      columns: ['a', 'n', 'n', 'n_2'],
      rows: [
        [1, 2, 3, 4],
        [null, 'x', true, [1]],
      ],
    }),
  ).toEqual([
    { a: 1, n: 2, n_2: 3, n_2_2: 4 },
    { a: null, n: 'x', n_2: true, n_2_2: [1] },
  ]);
});

test('csv quotes text, doubles quotes, and leaves numbers, truth values and nothing bare', () => {
  const rows = {
    columns: ['a', 'b "c"'],
    rows: [
      ['x,y', 1.5],
      ['say "hi"\nbye', null],
      [true, [1, 'a']],
    ],
  };
  expect(csvText(rows, false)).toBe('"a","b ""c"""\n"x,y",1.5\n"say ""hi""\nbye",\ntrue,"[1,""a""]"');
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\tx',
  '\rx',
  '\nx',
  '=HYPERLINK("http://evil.example")',
  '\uff1d1+1',
  '\uff20x',
])('csv keeps %j from being run as a formula (T27)', (formula) => {
  const rows = { columns: ['a'], rows: [[formula]] };
  const quoted = formula.replaceAll('"', '""');
  expect(csvText(rows, false)).toBe(`"a"\n"'${quoted}"`);
  expect(csvText(rows, true)).toBe(`"a"\n"${quoted}"`);
});

test('csv leaves negative numbers and harmless text alone (T27)', () => {
  expect(csvText({ columns: ['a', 'b'], rows: [[-1, 'a=b']] }, false)).toBe('"a","b"\n-1,"a=b"');
});

test('a column name can be a formula too (T27)', () =>
  expect(csvText({ columns: ['=1+1'], rows: [] }, false)).toBe('"\'=1+1"'));

test('a markdown cell can hold nothing but text (T24)', () => {
  const cells = [
    'a|b',
    'two\nlines',
    '![i](http://evil.example/x.png)',
    '<img src=x>',
    '`code` *b* _i_ ~s~ $m$',
    'see https://evil.example, www.evil.example, me@evil.example',
    '&lt; \\',
  ];
  expect(markdownText({ columns: ['x'], rows: cells.map((cell) => [cell]) }).split('\n')).toEqual([
    '| x |',
    '| --- |',
    '| a\\|b |',
    '| two lines |',
    '| !\\[i\\]\\(http\\://evil.example/x.png\\) |',
    '| \\<img src=x\\> |',
    '| \\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\$m\\$ |',
    '| see https\\://evil.example, www\\.evil.example, me\\@evil.example |',
    '| \\&lt; \\\\ |',
  ]);
});

test('a value in a table is its text, and nothing for null', () => {
  expect([cellText(null), cellText('x'), cellText(1.5), cellText(false), cellText({ a: [1, null] })]).toEqual([
    '',
    'x',
    '1.5',
    'false',
    '{"a":[1,null]}',
  ]);
});
