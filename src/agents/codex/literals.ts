import type { Json } from '../../core/json.ts';

/** A value in a script, and where the script goes on behind it. */
export interface Read {
  readonly value: Json;
  readonly end: number;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', '0': '\0' };

/** The string in quotes that begins at `at`; null when it does not end in its line. */
export function stringAt(script: string, at: number): Read | null {
  return textUntil(script, at, script.charAt(at), (sign) => sign === '\n');
}

/** The template that begins at `at`; null when it does not end, or when a part of it is computed. */
export function templateAt(script: string, at: number, isRaw: boolean): Read | null {
  const isComputed = (sign: string, next: string): boolean => sign === '$' && next === '{';
  if (!isRaw) return textUntil(script, at, '`', isComputed);
  const end = script.indexOf('`', at + 1);
  const text = end === -1 ? null : script.slice(at + 1, end);
  return text === null || text.includes('${') ? null : { value: text, end: end + 1 };
}

export function numberRead(digits: string, end: number): Read | null {
  const value = Number(digits.replaceAll('_', ''));
  return Number.isFinite(value) ? { value, end } : null;
}

function textUntil(
  script: string,
  from: number,
  quote: string,
  isRefused: (sign: string, next: string) => boolean,
): Read | null {
  const parts: string[] = [];
  let start = from + 1;
  for (let at = start; at < script.length; at += 1) {
    const sign = script.charAt(at);
    if (sign === quote) return { value: parts.join('') + script.slice(start, at), end: at + 1 };
    if (isRefused(sign, script.charAt(at + 1))) return null;
    if (sign !== '\\') continue;
    const escape = escapeAt(script, at + 1);
    parts.push(script.slice(start, at), escape.text);
    start = escape.end;
    at = escape.end - 1;
  }
  return null;
}

function escapeAt(script: string, at: number): { readonly text: string; readonly end: number } {
  const sign = script.charAt(at);
  if (sign === '\n') return { text: '', end: at + 1 };
  const digits =
    /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})/i
      .exec(script.slice(at, at + 10))
      ?.filter((part) => part !== undefined) ?? [];
  const [whole, code] = digits;
  const point = code === undefined ? Number.NaN : Number.parseInt(code, 16);
  if (whole !== undefined && point <= 0x10_ff_ff) return { text: String.fromCodePoint(point), end: at + whole.length };
  return { text: escapes[sign] ?? sign, end: at + 1 };
}
