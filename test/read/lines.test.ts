import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES, splitLines } from '../../src/read/lines.ts';
import { newReadSink, parseRecords } from '../../src/read/records.ts';

function lines(chunks: readonly Buffer[]): readonly (readonly [number, number, string, boolean])[] {
  return [...splitLines(chunks)].map((line) => [
    line.number,
    line.offset,
    line.bytes.toString('latin1'),
    line.terminated,
  ]);
}

describe('splitLines', () => {
  test('cuts on line feeds and tells each line its number and byte offset', () => {
    expect(lines([Buffer.from('ab\n\ncd\n')])).toEqual([
      [1, 0, 'ab', true],
      [2, 3, '', true],
      [3, 4, 'cd', true],
    ]);
  });

  test('says of the last line without a line feed that it is not terminated', () => {
    expect(lines([Buffer.from('ab\ncd')])).toEqual([
      [1, 0, 'ab', true],
      [2, 3, 'cd', false],
    ]);
  });

  test('leaves U+2028, form feeds and bare carriage returns inside the line (F53)', () => {
    const text = 'a\u2028b\fc\rd';
    expect([...splitLines([Buffer.from(`${text}\n`)])].map(({ bytes }) => bytes.toString())).toEqual([text]);
  });

  test('gives the same lines wherever the bytes are cut into chunks', () => {
    const bytes = fc.array(fc.constantFrom('a', '"', '\n', '\r', '\u0000', 'é'), { maxLength: 40 });
    const cuts = fc.array(fc.nat({ max: 50 }), { maxLength: 6 });
    fc.assert(
      fc.property(bytes, cuts, (parts, places) => {
        const whole = Buffer.from(parts.join(''));
        const borders = [0, ...places.map((at) => Math.min(at, whole.length)).sort((a, b) => a - b), whole.length];
        const chunks = borders.slice(1).map((end, index) => whole.subarray(borders[index], end));
        expect(lines(chunks)).toEqual(lines([whole]));
      }),
    );
  });
});

test('a line that is longer than any record is never held, is set aside, and the lines around it are read (F48)', () => {
  const piece = Buffer.alloc(8 * 1024 * 1024, 0x78);
  const pieces = Math.ceil(MAX_LINE_BYTES / piece.length) + 1;
  function* chunks(): Generator<Buffer> {
    yield Buffer.from('{"a":1}\n{"b":"');
    for (let n = 0; n < pieces; n += 1) yield piece;
    yield Buffer.from('"}\n{"c":3}\n');
  }
  const sink = newReadSink();
  const begun = process.memoryUsage().arrayBuffers;
  let most = 0;
  const records: unknown[] = [];
  for (const { value, line, offset } of parseRecords(splitLines(chunks()), sink)) {
    most = Math.max(most, process.memoryUsage().arrayBuffers - begun);
    records.push([value, line, offset]);
  }
  const length = 6 + pieces * piece.length + 2;
  expect(records).toEqual([
    [{ a: 1 }, 1, 0],
    [{ c: 3 }, 3, 8 + length + 1],
  ]);
  expect(sink.quarantine.map(({ reason, offset, lengthBytes }) => [reason, offset, lengthBytes])).toEqual([
    ['line_too_long', 8, length],
  ]);
  expect(most).toBeLessThan(2 * MAX_LINE_BYTES);
});
