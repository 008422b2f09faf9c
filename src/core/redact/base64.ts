import { rules } from './rules.ts';

/** What a word looks like inside base64, whichever byte of a group of three it begins at. */
export interface EncodedWord {
  readonly word: string;
  /** Characters between the beginning of the group of four and the word. */
  readonly skip: number;
}

const LEAST_CHARACTERS = 4;
/** Longest stretch that is decoded. */
const LONGEST = 64 * 1024;

const spoken = [
  'password',
  'passwd',
  'secret',
  'token',
  'api_key',
  'apikey',
  'api-key',
  'authorization',
  'bearer',
  'cookie: ',
  'private key',
];

export const encodedWords: readonly EncodedWord[] = encoded();

function encoded(): readonly EncodedWord[] {
  const words = new Set([
    ...rules.filter(({ startsWord }) => startsWord).flatMap((rule) => rule.words),
    ...spoken.flatMap((word) => [word, word.toUpperCase(), `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`]),
    '-----BEGIN',
  ]);
  const seen = new Map<string, EncodedWord>();
  for (const word of words) {
    for (const before of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(before), Buffer.from(word), Buffer.alloc(2)]).toString('base64');
      const skip = Math.ceil((before * 8) / 6);
      const part = text.slice(skip, Math.floor(((before + word.length) * 8) / 6));
      if (part.length >= LEAST_CHARACTERS) seen.set(`${part} ${skip}`, { word: part, skip });
    }
  }
  return [...seen.values()];
}

export interface Blob {
  readonly start: number;
  readonly end: number;
  readonly decoded: string;
}

const isBase64 = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code))),
);

/** The stretch of base64 around an encoded word, decoded; null when it is too long, or not text. */
export function blobAround(text: string, at: number, skip: number): Blob | null {
  let start = at;
  while (start > 0 && at - start <= LONGEST && isCharacter(text.charCodeAt(start - 1))) start -= 1;
  let end = at;
  while (end < text.length && end - at <= LONGEST && isCharacter(text.charCodeAt(end))) end += 1;
  if (end - start > LONGEST) return null;
  const first = start + ((((at - skip - start) % 4) + 4) % 4);
  const decoded = Buffer.from(text.slice(first, end), 'base64').toString('latin1');
  while (text.charCodeAt(end) === 61) end += 1;
  return { start, end, decoded };
}

function isCharacter(code: number): boolean {
  return code < 128 && isBase64[code] === 1;
}
