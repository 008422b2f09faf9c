/** Deeper records end native JSON code (reliability.md 2); the deepest real one seen has 7 levels. */
export const MAX_DEPTH = 512;

/** `end`: behind the object that begins at the start; `cut`: the first byte that cannot be part of one, or the end of the bytes. */
export type Scan = { readonly end: number } | { readonly cut: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end';

const literal = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/**
 * Follows JSON byte by byte from an opening brace. JSON.parse says only that a line is broken; where it breaks is where a torn
 * write ends and the next record may begin, and nothing before that place can be a record of its own.
 */
export function scanObject(bytes: Buffer, start: number): Scan {
  const open: number[] = [];
  let expected: Expected = 'value';
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined) return { cut: at };
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) {
      at += 1;
      continue;
    }
    const closes = byte === (open.at(-1) === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET);
    if (closes && (expected === 'comma or end' || expected === 'value or ]' || expected === 'key or }')) {
      open.pop();
      at += 1;
      if (open.length === 0) return { end: at };
      expected = 'comma or end';
    } else if (expected === 'comma or end') {
      if (byte !== COMMA) return { cut: at };
      expected = open.at(-1) === OPEN_BRACE ? 'key' : 'value';
      at += 1;
    } else if (expected === 'colon') {
      if (byte !== COLON) return { cut: at };
      expected = 'value';
      at += 1;
    } else if (byte === QUOTE) {
      const string = scanString(bytes, at + 1);
      if ('cut' in string) return string;
      expected = isKey(expected) ? 'colon' : 'comma or end';
      at = string.end;
    } else if (isKey(expected)) {
      return { cut: at };
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (open.length === MAX_DEPTH) return { cut: at };
      open.push(byte);
      expected = byte === OPEN_BRACE ? 'key or }' : 'value or ]';
      at += 1;
    } else {
      const end = literalEnd(bytes, at);
      if (!literal.test(bytes.toString('latin1', at, end))) return { cut: end };
      expected = 'comma or end';
      at = end;
    }
  }
}

function isKey(expected: Expected): boolean {
  return expected === 'key' || expected === 'key or }';
}

/** From behind the opening quote to behind the closing one. */
function scanString(bytes: Buffer, start: number): Scan {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === QUOTE) return { end: at + 1 };
    // Control characters must be escaped in JSON: a raw one is a run of NULs or a line of something else.
    if (byte === undefined || byte < 0x20) return { cut: at };
    if (byte !== BACKSLASH) {
      at += 1;
      continue;
    }
    const escaped = bytes[at + 1];
    if (escaped === undefined || !ESCAPES.includes(escaped)) return { cut: at + 1 };
    at += 2;
    if (escaped !== LETTER_U) continue;
    const digits = /^[\da-fA-F]*/.exec(bytes.toString('latin1', at, at + 4))?.[0].length ?? 0;
    at += digits;
    if (digits < 4) return { cut: at };
  }
}

const ESCAPES = Buffer.from('"\\/bfnrtu');
const LETTER_U = 0x75;

/** Digits, signs, dots and letters: a number, `true`, `NaN` or what is left of one. */
function literalEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (isLiteralByte(bytes[at])) at += 1;
  return at;
}

function isLiteralByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  return isDigit || isLetter || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}
