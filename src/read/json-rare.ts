/** What only rare records need, and too slow for all: both take text that JSON.parse has accepted. */

const QUOTE = 34;
const BACKSLASH = 92;
const longInteger = /^-?\d{16,}$/;
const numbers = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The same JSON with whole numbers that JavaScript cannot hold in quotes, so that no digit is lost. */
export function withIntegersAsText(text: string): string {
  const parts: string[] = [];
  for (const { start, end, isString } of tokensOf(text)) {
    const token = text.slice(start, end);
    parts.push(isString ? token : token.replaceAll(numbers, (number) => (isHuge(number) ? `"${number}"` : number)));
  }
  return parts.join('');
}

function isHuge(number: string): boolean {
  return longInteger.test(number) && !Number.isSafeInteger(Number(number));
}

/** Whether an object in the text names a key twice. */
export function hasDuplicateKeys(text: string): boolean {
  const open: (Set<string> | null)[] = [];
  let candidate: string | null = null;
  for (const { start, end, isString } of tokensOf(text)) {
    if (isString) {
      candidate = text.slice(start, end);
      continue;
    }
    for (let at = start; at < end; at += 1) {
      const character = text.charAt(at);
      if (character === ':' && candidate !== null) {
        const names = open.at(-1);
        const name: string = JSON.parse(candidate);
        if (names?.has(name) === true) return true;
        names?.add(name);
      } else if (character === '{') open.push(new Set());
      else if (character === '[') open.push(null);
      else if (character === '}' || character === ']') open.pop();
      if (character !== ' ' && character !== '\t' && character !== '\n' && character !== '\r') candidate = null;
    }
  }
  return false;
}

interface Token {
  readonly start: number;
  readonly end: number;
  readonly isString: boolean;
}

/** The text in order: strings with their quotes, and what stands between them. */
function* tokensOf(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const outside = quote < 0 ? text.length : quote;
    if (outside > at) yield { start: at, end: outside, isString: false };
    if (quote < 0) return;
    const end = stringEnd(text, quote + 1);
    yield { start: quote, end, isString: true };
    at = end;
  }
}

function stringEnd(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}
