import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { innerCalls } from '../../../src/agents/codex/javascript.ts';

const read = (script: string): unknown[] => innerCalls(script).map(({ name, argument }) => [name, argument]);

describe('arguments of calls in a script', () => {
  test.each<[string, unknown]>([
    [`tools.a({cmd: 'x'})`, { cmd: 'x' }],
    [
      `tools.a({"cmd": "x\\n\\u0041\\x42\\u{43}", n: -1.5e3, t: true, u: undefined,})`,
      { cmd: 'x\nABC', n: -1500, t: true, u: null },
    ],
    ['tools.a({cmd: `a\n"b" \\` ${"$"}`})', undefined],
    ['tools.a({cmd: `a\n"b" \\``})', { cmd: 'a\n"b" `' }],
    ['tools.a(String.raw`\\d`)', '\\d'],
    [`const cmd = "ls"; tools.a({cmd})`, { cmd: 'ls' }],
    [`const lines = ["a", "b"]; tools.a(lines.join("\\n"))`, undefined],
    [`tools.a(["a", 'b'].join("\\n"))`, 'a\nb'],
    [`tools.a("a" + 'b')`, 'ab'],
    [`tools.a({cmd: "a" + file})`, undefined],
    [`tools.a({cmd: "a".trim()})`, undefined],
    [`tools.a({...rest})`, undefined],
    [`tools.a({cmd: fn("x")})`, undefined],
    [`tools.a()`, {}],
    [`tools . a ( /* why */ "x" , 2 )`, 'x'],
    [`tools["a"]("x")`, 'x'],
    [`tools?.a("x")`, 'x'],
    [`tools.a({list: [1, [2]], o: {p: null}})`, { list: [1, [2]], o: { p: null } }],
    [`let x = 1; x = 2; tools.a(0x10)`, 16],
    ['text(`${(await tools.a("x")).output}`)', 'x'],
  ])('%s', (script, argument) => {
    expect(read(script)).toEqual([['a', argument]]);
  });

  test('calls in texts and comments are none', () => {
    expect(read(`// tools.a("x")\n/* tools.b() */ text("tools.c()"); const s = 'tools.d()'; mytools.e()`)).toEqual([]);
  });

  test('several calls, in their order', () => {
    expect(read(`await tools.a("1"); for (const x of y) tools.b(x); tools.c(tools.d("2"))`)).toEqual([
      ['a', '1'],
      ['b', undefined],
      ['c', undefined],
      ['d', '2'],
    ]);
  });
});

test('what is printed is known by its variable, or by where the call stands', () => {
  const script = `const a = await tools.x("1"); const b = await tools.y("2"); tools.z("3"); text(a.output); text(await tools.w("4"))`;
  expect(innerCalls(script).map(({ prints }) => prints)).toEqual([true, false, false, true]);
});

test('constants that double themselves are not written out', () => {
  const doubling = Array.from({ length: 60 }, (_, index) => `const a${index + 1} = [a${index}, a${index}];`).join('\n');
  expect(read(`const a0 = "0123456789";\n${doubling}\ntools.a(a60)`)).toEqual([['a', undefined]]);
});

test('any script is read, in time', () => {
  const word = fc.constantFrom(
    'tools',
    '.a',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '`',
    '${',
    '"',
    "'",
    '/*',
    '*/',
    '//',
    '\n',
    'const x =',
    ',',
    'x',
    ':',
    '1',
    '\\',
    '+',
    'text(',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      expect(Array.isArray(innerCalls(words.join('')))).toBe(true);
    }),
    { numRuns: 500 },
  );
  for (const part of ['tools.a([', 'tools.a("', '`${', '/*', '((((', 'const x = {a:', 'tools.a(/*', '"\\', ' ']) {
    expect(Array.isArray(innerCalls(part.repeat(20_000)))).toBe(true);
  }
});
