import { describe, expect, test } from 'vitest';
import { openTerminal, type Output } from '../../src/commands/terminal.ts';
import { visibleLine, visibleText } from '../../src/core/visible.ts';

const ESC = '\u001b';
const BEL = '\u0007';

interface Recorded extends Output {
  readonly text: () => string;
}

function recorder(isTTY: boolean, columns?: number): Recorded {
  const written: string[] = [];
  return { write: (text) => written.push(text), isTTY, columns, text: () => written.join('') };
}

const payloads: readonly (readonly [string, string, string])[] = [
  ['clipboard (OSC 52)', `${ESC}]52;c;cm0gLXJm${BEL}`, '␛]52;c;cm0gLXJm␇'],
  [
    'link (OSC 8)',
    `${ESC}]8;;http://evil.example${ESC}\\text${ESC}]8;;${ESC}\\`,
    '␛]8;;http://evil.example␛\\text␛]8;;␛\\',
  ],
  ['title (OSC 0)', `${ESC}]0;title${BEL}`, '␛]0;title␇'],
  ['cursor report (CSI 6n)', `${ESC}[6n`, '␛[6n'],
  ['clear screen', `${ESC}[2J${ESC}[H`, '␛[2J␛[H'],
  ['colour', `${ESC}[31mred${ESC}[0m`, '␛[31mred␛[0m'],
  ['device control string', `${ESC}P+q544e${ESC}\\`, '␛P+q544e␛\\'],
  ['reset', `${ESC}c`, '␛c'],
  ['C1 CSI', '\u009b6n', '<U+009B>6n'],
  ['C1 OSC and string terminator', '\u009d0;x\u009c', '<U+009D>0;x<U+009C>'],
  ['next line (NEL)', 'a\u0085b', 'a<U+0085>b'],
  ['bells', BEL.repeat(3), '␇␇␇'],
  ['backspace', 'safe\b\b\b\bevil', 'safe␈␈␈␈evil'],
  ['carriage return', 'safe\revil', 'safe␍evil'],
  ['vertical tab and form feed', '\u000b\u000c', '␋␌'],
  ['NUL', 'a\u0000b', 'a␀b'],
  ['DEL', 'a\u007fb', 'a␡b'],
  ['right-to-left override', 'exe.\u202etxt\u202c', 'exe.<U+202E>txt<U+202C>'],
  ['bidi isolates', '\u2066a\u2069', '<U+2066>a<U+2069>'],
  ['Arabic letter mark', '\u061c', '<U+061C>'],
  ['zero-width space and joiners', 'a\u200bb\u200cc\u200dd\u2060e', 'a<U+200B>b<U+200C>c<U+200D>d<U+2060>e'],
  ['byte order mark', '\ufeffa', '<U+FEFF>a'],
  ['soft hyphen', 'pass\u00adword', 'pass<U+00AD>word'],
  ['line and paragraph separators', 'a\u2028b\u2029c', 'a<U+2028>b<U+2029>c'],
  ['tag characters', '\u{e0041}\u{e0042}', '<U+E0041><U+E0042>'],
  ['hidden variation selectors', 'a\u{e0100}', 'a<U+E0100>'],
  ['a variation selector after another', '\u2764\ufe0f\ufe0e', '\u2764\ufe0f<U+FE0E>'],
  ['Hangul fillers', '\u3164\u115f\u1160\uffa0', '<U+3164><U+115F><U+1160><U+FFA0>'],
  ['a lone surrogate', 'a\ud83d', 'a\ufffd'],
];

describe('text of transcripts', () => {
  test.each(payloads)('%s is made visible (T23)', (_name, payload, expected) => {
    expect(visibleText(payload)).toBe(expected);
    expect(visibleText(visibleText(payload))).toBe(expected);
  });

  test('every C0 and C1 control but tab and line feed is replaced (T23)', () => {
    const codes = [...Array(0xa0).keys()].filter((code) => code < 0x20 || code >= 0x7f);
    const left = codes.filter((code) => visibleText(String.fromCharCode(code)).includes(String.fromCharCode(code)));
    expect(left).toEqual([9, 10]);
  });

  test('ordinary writing stays as it is', () => {
    const text = 'Grüße, 世界 — naïve 🙂 עברית العربية\n\tkurz';
    expect(visibleText(text)).toBe(text);
  });

  test('a line stays one line', () => expect(visibleLine('a\nb\tc')).toBe('a⏎b c'));
});

describe('the terminal', () => {
  test('escapes everything it is given, on both streams, styled or not (T23)', () => {
    const [out, err] = [recorder(true, 80), recorder(true, 80)];
    const terminal = openTerminal(out, err, {});
    terminal.print(`a${ESC}[2Jb`);
    terminal.print([`${ESC}[2J`, { style: 'bold', text: `x${ESC}c` }]);
    terminal.note(`n${BEL}`);
    expect(out.text()).toBe(`a␛[2Jb\n␛[2J${ESC}[1mx␛c${ESC}[22m\n`);
    expect(err.text()).toBe('n␇\n');
  });

  test.each([
    ['piped', false, {}],
    ['with NO_COLOR', true, { NO_COLOR: '1' }],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
  ])('uses no colour %s', (_name, isTTY, env) => {
    const out = recorder(isTTY);
    openTerminal(out, recorder(isTTY), env).print([{ style: 'red', text: 'x' }]);
    expect(out.text()).toBe('x\n');
  });

  test('an empty NO_COLOR is as good as none', () => {
    const out = recorder(true);
    openTerminal(out, recorder(true), { NO_COLOR: '' }).print([{ style: 'red', text: 'x' }]);
    expect(out.text()).toBe(`${ESC}[31mx${ESC}[39m\n`);
  });

  test('has a width only when the answer goes to a terminal', () => {
    const width = (isTTY: boolean, columns?: number): number | null =>
      openTerminal(recorder(isTTY, columns), recorder(true), {}).width;
    expect([width(true, 120), width(true), width(true, 10), width(false)]).toEqual([120, 80, 40, null]);
  });

  test('writes JSON in which controls are escapes that read back unchanged (T23)', () => {
    const out = recorder(false);
    const document = { text: payloads.map(([, payload]) => payload).filter((text) => text.isWellFormed()) };
    openTerminal(out, recorder(false), {}).json(document);
    expect(visibleText(out.text())).toBe(out.text());
    expect(JSON.parse(out.text())).toEqual(document);
    expect(out.text()).toContain('\\udb40\\udc41');
  });
});
