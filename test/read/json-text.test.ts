import { describe, expect, test } from 'vitest';
import { boundedJson } from '../../src/core/bounded-json.ts';
import { asNumber, asObject } from '../../src/core/json.ts';
import { parseJson } from '../../src/read/json-text.ts';
import { MAX_DEPTH } from '../../src/read/scan.ts';

const array = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const object = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const mixed = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;

describe('nesting', () => {
  test.each([
    ['lists', array],
    ['objects', object],
    ['both', mixed],
  ])('of %s is taken to 512 levels and no further, be they a million (F49)', (_what, nested) => {
    const tooDeep = [MAX_DEPTH, MAX_DEPTH + 2, 20_000, 200_000].map((depth) => parseJson(nested(depth))?.tooDeep);
    expect(tooDeep).toEqual([false, true, true, true]);
    expect(parseJson(array(MAX_DEPTH + 1))?.tooDeep).toBe(true);
  });

  test('inside a string is text like any other (F49)', () => {
    const inner = array(20_000);
    expect(parseJson(JSON.stringify({ a: inner }))).toEqual({
      value: { a: inner },
      tooDeep: false,
      duplicateKeys: false,
    });
  });
});

describe('keys', () => {
  test.each([
    ['{"a":1,"a":2}', { a: 2 }],
    ['{"x":[{"a" : 1, "b":2, "a" : 3}]}', { x: [{ a: 3, b: 2 }] }],
    ['{"a":1,"\\u0061":2}', { a: 2 }],
    ['{"":1,"":2}', { '': 2 }],
    ['{"a\\\\":1,"a\\\\":2}', { 'a\\': 2 }],
  ])('that come twice in %s are flagged, and the last one counts (F50)', (text, value) => {
    expect(parseJson(text)).toEqual({ value, tooDeep: false, duplicateKeys: true });
  });

  test.each([
    '{"a":1,"A":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":":a","b":"\\":","c":["a",":"]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{ "a" : 1 , "b" : "a" }',
    '{}',
  ])('that come once in %s are not (F50)', (text) => expect(parseJson(text)?.duplicateKeys).toBe(false));

  test('that name the prototype are keys like others and change no object (F50)', () => {
    const parsed = parseJson('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"":2}');
    const value = asObject(parsed?.value) ?? {};
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', '']);
    expect(Object.hasOwn(asObject(JSON.parse(boundedJson(value))) ?? {}, '__proto__')).toBe(true);
    expect(Object.entries(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  test('of a megabyte, and a million of them, are read (F50)', () => {
    const long = 'k'.repeat(1_000_000);
    expect(parseJson(JSON.stringify({ [long]: 1 }))?.value).toEqual({ [long]: 1 });
    const text = `{${Array.from({ length: 1_000_000 }, (_, index) => `"${index.toString(36)}k":1`).join()}}`;
    const value = asObject(parseJson(text)?.value) ?? {};
    expect(Object.keys(value)).toHaveLength(1_000_000);
    expect(boundedJson(value).length).toBeLessThan(2000);
  });
});

describe('numbers', () => {
  test.each([
    ['9007199254740993', '9007199254740993'],
    ['-12345678901234567890123', '-12345678901234567890123'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['1e999', Number.POSITIVE_INFINITY],
    ['-0', -0],
    ['0.1234567890123456789', 0.123_456_789_012_345_68],
    ['1.5e300', 1.5e300],
  ])('%s is kept as %s (F54)', (text, value) => {
    expect(parseJson(`{"n":[${text}],"s":"9007199254740993 in words"}`)?.value).toEqual({
      n: [value],
      s: '9007199254740993 in words',
    });
  });

  test('that are not finite are no numbers to anybody (F54)', () => {
    expect(asNumber(Number.POSITIVE_INFINITY)).toBeNull();
    expect(boundedJson({ n: Number.POSITIVE_INFINITY })).toBe('{"n":null}');
  });

  test.each(['NaN', '{"n":NaN}', '{"n":Infinity}', '{"n":01}', '{"n":1,}', '// {"n":1}', "{'n':1}"])(
    '%s is not JSON (F54)',
    (text) => expect(parseJson(text)).toBeNull(),
  );
});
