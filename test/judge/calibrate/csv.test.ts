import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine, readCsv } from '../../../src/judge/calibrate/csv.ts';

describe('a file is read as RFC 4180 says', () => {
  test('quoted cells hold commas, quotes and line ends, and a record knows the line on which it begins', () =>
    expect(readCsv('a,b\r\n"1,2","say ""so"""\r\n"two\nlines",\r\n\r\nlast,', 'x.csv')).toEqual({
      file: 'x.csv',
      header: ['a', 'b'],
      records: [
        { line: 2, cells: ['1,2', 'say "so"'] },
        { line: 3, cells: ['two\nlines', ''] },
        { line: 6, cells: ['last', ''] },
      ],
    }));

  test('a byte order mark is no part of the first name', () =>
    expect(readCsv('\uFEFFa,b\n', 'x.csv').header).toEqual(['a', 'b']));

  test('whatever is written is read back', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\u00e9', "'") });
    const row = fc.array(cell, { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const text = [['x', 'y'], ...rows].map((cells) => `${csvLine(cells)}\n`).join('');
        expect(readCsv(text, 'x.csv').records.map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  test('a cell of a megabyte is read', () => {
    const long = '""'.repeat(500_000);
    expect(readCsv(`a,b\n"${long}",1\n`, 'x.csv').records[0]?.cells[0]?.length).toBe(500_000);
  });
});

describe('a file that is none names the line', () => {
  test.each([
    ['', 'x.csv:1: Expected a line with the names of the columns, got an empty file.'],
    ['a,a\n', 'x.csv:1: The column "a" is named twice.'],
    ['a,b\n1,2\n3\n', 'x.csv:3: Expected 2 cells as in the header, got 1.'],
    ['a,b\n"1\n2",3\n4,5,6\n', 'x.csv:4: Expected 2 cells as in the header, got 3.'],
    ['a,b\n1,2\n3,"4\n', 'x.csv:3: A quoted cell is not closed, or a quote stands inside a bare cell.'],
    ['a,b\n1,2"\n', 'x.csv:2: A quoted cell is not closed, or a quote stands inside a bare cell.'],
    ['a,b\n1,"2"3\n', 'x.csv:2: A quoted cell is not closed, or a quote stands inside a bare cell.'],
  ])('%j', (text, message) => {
    expect(() => readCsv(text, 'x.csv')).toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });
});
