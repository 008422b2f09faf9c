import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines } from '../../src/read/lines.ts';
import { isWholeRecord, newReadSink, parseRecords } from '../../src/read/records.ts';
import { MAX_DEPTH } from '../../src/read/scan.ts';

function read(text: string | Buffer) {
  const sink = newReadSink();
  const records = [...parseRecords(splitLines([Buffer.from(text)]), sink)];
  const { counts } = sink;
  return {
    records,
    counts,
    quarantine: sink.quarantine.map(({ line, offset, lengthBytes, reason }) => ({ line, offset, lengthBytes, reason })),
  };
}

const nothing = { lines: 0, records: 0, salvaged: 0, quarantined: 0, blank: 0, salvagedRecords: 0 };
const nested = (depth: number): string => `{"type":"user","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('parseRecords', () => {
  test('reads one record a line, with spaces after colons and CRLF line ends as well (F53)', () => {
    const { records, counts } = read('{"type":"a"}\r\n{ "type": "b" }\n');
    expect(records.map(({ value, line, offset, flags }) => ({ value, line, offset, flags }))).toEqual([
      { value: { type: 'a' }, line: 1, offset: 0, flags: [] },
      { value: { type: 'b' }, line: 2, offset: 14, flags: [] },
    ]);
    expect(counts).toEqual({ ...nothing, lines: 2, records: 2 });
  });

  test('counts blank lines and lines of white space as blank (F54)', () => {
    expect(read('\n \t\r\n{"a":1}\n').counts).toEqual({ ...nothing, lines: 3, records: 1, blank: 2 });
  });

  test('keeps a lone surrogate for the next stage and a U+2028 inside a string (F51)', () => {
    expect(read('{"a":"\\ud83d","b":"x\u2028y"}\n').records[0]?.value).toEqual({ a: '\ud83d', b: 'x\u2028y' });
  });

  test('saves the record behind a byte-order mark and counts the repair (F52)', () => {
    const { records, counts } = read(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"type":"a"}\n')]));
    expect(records).toEqual([{ value: { type: 'a' }, line: 1, offset: 3, flags: ['salvaged'] }]);
    expect(counts).toEqual({ ...nothing, lines: 1, salvaged: 1, salvagedRecords: 1 });
  });

  test('saves the record behind a run of NULs (F46)', () => {
    const { records, counts } = read('\u0000\u0000\u0000{"type":"a"}\n');
    expect(records.map(({ value, offset }) => [value, offset])).toEqual([[{ type: 'a' }, 3]]);
    expect(counts).toEqual({ ...nothing, lines: 1, salvaged: 1, salvagedRecords: 1 });
  });

  test('tells two records on one line apart (F47)', () => {
    const { records, counts } = read('{"type":"a","n":1}{"type":"b"}\n');
    expect(records.map(({ value, offset }) => [value, offset])).toEqual([
      [{ type: 'a', n: 1 }, 0],
      [{ type: 'b' }, 18],
    ]);
    expect(counts).toEqual({ ...nothing, lines: 1, salvaged: 1, salvagedRecords: 2 });
  });

  test('saves the record after a cut one and quarantines the cut part with its place (F47)', () => {
    const cut = '{"type":"a","text":"half of it';
    const { records, counts, quarantine } = read(`{"x":1}\n${cut}{"type":"b","uuid":"u"}\n`);
    expect(records.map(({ value }) => value)).toEqual([{ x: 1 }, { type: 'b', uuid: 'u' }]);
    expect(counts).toEqual({ ...nothing, lines: 2, records: 1, salvaged: 1, salvagedRecords: 1 });
    expect(quarantine).toEqual([{ line: 2, offset: 8, lengthBytes: cut.length, reason: 'cut_record' }]);
  });

  test('never takes a mark inside a string for the beginning of a record', () => {
    const value = { type: 'a', text: 'he wrote {"type":"b"} there' };
    expect(read(`${JSON.stringify(value)}\n`).records.map((record) => record.value)).toEqual([value]);
    const cut = `${JSON.stringify(value).slice(0, -4)}{"type":"c","uuid":"u"}`;
    expect(read(`${cut}\n`).records.map((record) => record.value)).toEqual([{ type: 'c', uuid: 'u' }]);
  });

  test('never takes a content block of a cut record for a record', () => {
    const cut = '{"type":"assistant","uuid":"a","message":{"content":[{"type":"text","text":"done"}';
    const { records, quarantine } = read(`${cut}{"type":"user","uuid":"b"}\n`);
    expect(records.map(({ value }) => value)).toEqual([{ type: 'user', uuid: 'b' }]);
    expect(quarantine).toEqual([{ line: 1, offset: 0, lengthBytes: cut.length, reason: 'cut_record' }]);
  });

  test('quarantines a line of nothing but NULs (F46)', () => {
    expect(read('\u0000\u0000\n').quarantine).toEqual([{ line: 1, offset: 0, lengthBytes: 2, reason: 'only_padding' }]);
  });

  test('quarantines a line that is no JSON, a scalar and a list, each with its reason and place (F54)', () => {
    const { counts, quarantine } = read('not json\n42\n[1,2]\n');
    expect(counts).toEqual({ ...nothing, lines: 3, quarantined: 3 });
    expect(quarantine).toEqual([
      { line: 1, offset: 0, lengthBytes: 8, reason: 'not_json' },
      { line: 2, offset: 9, lengthBytes: 2, reason: 'not_an_object' },
      { line: 3, offset: 12, lengthBytes: 5, reason: 'not_an_object' },
    ]);
  });

  test.each([
    ['as deep as allowed', MAX_DEPTH - 2, { records: 1, quarantined: 0 }],
    ['one level deeper', MAX_DEPTH + 1, { records: 0, quarantined: 1 }],
    ['100,000 levels deep', 100_000, { records: 0, quarantined: 1 }],
    ['a million levels deep', 1_000_000, { records: 0, quarantined: 1 }],
  ])('survives nesting %s (F49, T01)', (_title, depth, expected) => {
    expect(read(`${nested(depth)}\n`).counts).toEqual({ ...nothing, lines: 1, ...expected });
  });

  test('flags invalid UTF-8 and keeps the record (F45)', () => {
    const line = Buffer.concat([Buffer.from('{"a":"x'), Buffer.from([0xff]), Buffer.from('y"}\n')]);
    expect(read(line).records).toEqual([
      { value: { a: 'x\ufffdy' }, line: 1, offset: 0, flags: ['replaced_characters'] },
    ]);
  });

  test('accounts for every line of any bytes, and quarantined spans lie inside their lines (P10)', () => {
    const piece = fc.constantFrom(
      '{"type":"a"}',
      '{"type":',
      '"x"',
      '}',
      '\n',
      '\n',
      '\u0000',
      ' ',
      '[',
      '{"uuid":1}',
      'é',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = Buffer.from(pieces.join(''));
        const { counts, quarantine } = read(text);
        expect(counts.lines).toBe(counts.records + counts.salvaged + counts.quarantined + counts.blank);
        for (const { offset, lengthBytes } of quarantine) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset + lengthBytes).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('saves every whole record out of lines that are glued, spliced or padded with NULs, and none that is wrong (F46, F47)', () => {
    const record = fc.record({ type: fc.constantFrom('user', 'assistant'), uuid: fc.uuid(), text: fc.string() });
    fc.assert(
      fc.property(
        record,
        record,
        fc.constantFrom('glued', 'spliced', 'padded'),
        fc.nat(),
        (first, second, damage, place) => {
          const [a, b] = [JSON.stringify(first), JSON.stringify(second)];
          const cut = a.slice(0, 1 + (place % (a.length - 1)));
          const line =
            damage === 'glued'
              ? `${a}${b}`
              : damage === 'spliced'
                ? `${cut}${b}`
                : `${'\u0000'.repeat(1 + (place % 9))}${b}`;
          const values = read(`${line}\n`).records.map(({ value }) => value);
          expect(values).toEqual(damage === 'glued' ? [first, second] : [second]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('isWholeRecord', () => {
  test.each([
    ['{"a":1}', true],
    ['{"a":1}  ', true],
    ['{"a":', false],
    ['', false],
    ['1', false],
  ])('%j: %s', (text, expected) => {
    expect(isWholeRecord(Buffer.from(text))).toBe(expected);
  });
});
