import { describe, expect, test } from 'vitest';
import { salvage } from '../../src/read/salvage.ts';

interface Found {
  readonly values: readonly unknown[];
  readonly lost: readonly (readonly [start: number, length: number, reason: string])[];
}

function saved(line: string | Buffer): Found {
  const { records, lost } = salvage(Buffer.from(line));
  return {
    values: records.map(({ value }) => value),
    lost: lost.map(({ start, length, reason }) => [start, length, reason]),
  };
}

const next = { type: 'user', uuid: 'b' };
const nextText = JSON.stringify(next);

describe('a record that is cut before the next one begins', () => {
  const inner = { type: 'user', uuid: 'inner', timestamp: '2026-02-05T10:00:00Z' };
  test.each([
    ['inside a string', '{"type":"a","text":"half of'],
    ['behind a backslash', '{"type":"a","text":"half \\'],
    ['inside an escape', '{"type":"a","text":"half \\u00'],
    ['inside a number', '{"type":"a","n":-1.'],
    ['inside a word', '{"type":"a","n":tru'],
    ['where a value is due', '{"type":"a","n":'],
    ['where an item is due', '{"type":"a","n":[1,'],
    ['where a key is due', '{"type":"a","n":1,'],
    ['before its last brace', '{"type":"a","n":{"m":1}'],
    ['inside a character', Buffer.from('{"type":"a","text":"é').subarray(0, -1)],
    ['behind a whole record that it holds', `{"type":"progress","data":{"message":${JSON.stringify(inner)}`],
  ])('%s is lost alone (F47)', (_where, cut) => {
    const bytes = Buffer.from(cut);
    expect(saved(Buffer.concat([bytes, Buffer.from(nextText)]))).toEqual({
      values: [next],
      lost: [[0, bytes.length, 'cut_record']],
    });
  });
});

describe('records on one line', () => {
  test('are told apart whatever they begin with, also when a bare carriage return ended each (F47, F53)', () => {
    expect(saved('{"id":1}{"id":2}').values).toEqual([{ id: 1 }, { id: 2 }]);
    const many = Array.from({ length: 5000 }, (_, id) => ({ id }));
    expect(saved(many.map((each) => JSON.stringify(each)).join('\r'))).toEqual({ values: many, lost: [] });
  });

  test('three on one line, the second one cut, give the first and the third (F47)', () => {
    const first = { type: 'a', uuid: 'a' };
    const cut = '{"type":"x","text":"y';
    expect(saved(`${JSON.stringify(first)}${cut}${nextText}`)).toEqual({
      values: [first, next],
      lost: [[JSON.stringify(first).length, cut.length, 'cut_record']],
    });
  });

  test('behind NULs and byte-order marks are whole (F46, F52)', () => {
    expect(saved(`\u0000\u0000${nextText}\u0000\u0000`)).toEqual({ values: [next], lost: [] });
    expect(saved(`${nextText}\uFEFF${nextText}`)).toEqual({ values: [next, next], lost: [] });
  });

  test('of which NULs have swallowed the beginning give those behind the NULs (F46)', () => {
    const cut = '{"type":"a","text":"half\u0000\u0000\u0000';
    expect(saved(`${cut}${nextText}`)).toEqual({ values: [next], lost: [[0, cut.length, 'cut_record']] });
  });
});

test.each([
  ['the end of a record whose beginning is on another line', '"content":[]},"uuid":"u","timestamp":"t"}'],
  ['a part of a document that was written over several lines', '{"type":"text","uuid":"u"},'],
  ['an object with something behind it', '{"type":"text","uuid":"u"} // done'],
  ['a cut record that ends with a block of its own', '{"type":"a","message":{"content":[{"type":"text","text":"x"}'],
])('nothing is taken for a record that is none: %s (F47, F54)', (_what, line) => {
  expect(saved(line).values).toEqual([]);
});

test.each([
  '{"type":',
  '{"type":1}x',
  '{"type":"',
  '{"uuid":{"type":1},',
  '{"type":1}{"uuid":[',
  '}{"type":{}',
  '{"role":"a"},',
  '[{"type":1},',
])('two megabytes of %j cost time in proportion to their length, and every byte is accounted for', (shape) => {
  const line = Buffer.from(shape.repeat(Math.ceil(2_000_000 / shape.length)));
  const begun = process.cpuUsage();
  const { records, lost } = salvage(line);
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1e6).toBeLessThan(6);
  expect(records.length + lost.length).toBeGreaterThan(0);
  for (const { start, length } of lost) expect(start + length).toBeLessThanOrEqual(line.length);
});
