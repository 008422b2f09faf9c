import type { Rule } from '../../../src/core/redact/rules.ts';

/**
 * Strings that nearly match a rule, made from its own pattern: every beginning of a text that matches, cut at each step, alone and
 * closed by what cannot follow. Repeated, they make a pattern that backtracks or looks far ahead pay at every place.
 */
export function attacksOn(rule: Rule): readonly string[] {
  const samples = rule.words.slice(0, 2).flatMap((word) => [word, ...prefixesOf(sampleOf(rule.pattern.source, word))]);
  return [...new Set(samples)].flatMap((sample) => (sample === '' ? [] : [`${sample}-`, ` ${sample}`, `${sample}(\n`]));
}

function prefixesOf(sample: string): readonly string[] {
  const steps = [0.4, 0.8, 1].map((part) => Math.floor(sample.length * part));
  return steps.map((length) => sample.slice(0, length));
}

/** A text that the pattern takes in, as far as this simple reading of it goes: groups, classes, counted repeats (the largest, up to 300). */
function sampleOf(source: string, word: string): string {
  const [text] = sequence(source, 0);
  return text.toLowerCase().includes(word.toLowerCase()) ? text : `${word}${text}`;
}

function sequence(source: string, from: number): readonly [string, number] {
  let text = '';
  let index = from;
  let isFirst = true;
  while (index < source.length && source[index] !== ')') {
    if (source[index] === '|') {
      isFirst = false;
      index += 1;
      continue;
    }
    const [piece, next] = atom(source, index);
    const [times, after] = repeats(source, next);
    if (isFirst) text += piece.repeat(times);
    index = after;
  }
  return [text, index];
}

function atom(source: string, index: number): readonly [string, number] {
  const character = source[index] ?? '';
  if (character === '(') {
    const opening = /^\((?:\?(?:<?[=!]|:|<\w+>))?/.exec(source.slice(index))?.[0] ?? '(';
    const [inner, end] = sequence(source, index + opening.length);
    return [/[=!]$/.test(opening) ? '' : inner, end + 1];
  }
  if (character === '[') {
    let end = index + 1;
    if (source[end] === '^') end += 1;
    while (source[end] !== ']' && end < source.length) end += source[end] === '\\' ? 2 : 1;
    return [memberOf(source.slice(index, end + 1)), end + 1];
  }
  if (character === '\\') {
    const code = source.slice(index, index + 2);
    if (code === '\\x')
      return [String.fromCharCode(Number.parseInt(source.slice(index + 2, index + 4), 16)), index + 4];
    if (code === '\\k') return ['', source.indexOf('>', index) + 1];
    return [memberOf(code), index + 2];
  }
  return [character, index + 1];
}

const candidates = ['a', '1', '-', 'A', '_', '.', '=', '/', ' ', '"', '\\', ':', 'x', ';', '\n'];

function memberOf(charClass: string): string {
  const pattern = new RegExp(`^${charClass}$`);
  return candidates.find((candidate) => pattern.test(candidate)) ?? charClass.slice(-1);
}

const MOST = 300;

function repeats(source: string, index: number): readonly [number, number] {
  const match = /^(?:\{(\d+)(?:,(\d*))?\}|[*+?])\??/.exec(source.slice(index));
  if (match === null) return [1, index];
  const [whole, least, most] = match;
  if (least === undefined) return [whole.startsWith('?') ? 1 : 40, index + whole.length];
  return [Math.min(MOST, Number(most === undefined || most === '' ? least : most)), index + whole.length];
}
