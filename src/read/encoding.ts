/** How text is written whose ASCII characters have NULs beside them; Windows programs write such files. */
export type WideEncoding = 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

/** `{` and `[`. */
const opens: ReadonlySet<number> = new Set([0x7b, 0x5b]);

/** What the first bytes show: a byte-order mark, or an opening brace or bracket with NULs beside it. Null: UTF-8 or no text. */
export function wideEncodingOf(head: Buffer): WideEncoding | null {
  const [a, b, c, d] = head;
  if (a === undefined || b === undefined) return null;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (c === undefined || d === undefined) return null;
  if (a === 0 && b === 0) return (c === 0xfe && d === 0xff) || (c === 0 && opens.has(d)) ? 'utf-32be' : null;
  if (opens.has(a) && b === 0) return c === 0 && d === 0 ? 'utf-32le' : d === 0 ? 'utf-16le' : null;
  return a === 0 && opens.has(b) && c === 0 && d !== 0 ? 'utf-16be' : null;
}

/** The same text in UTF-8, without a byte-order mark. */
export function toUtf8(bytes: Buffer, encoding: WideEncoding): Buffer {
  const text =
    encoding === 'utf-16le' || encoding === 'utf-16be'
      ? new TextDecoder(encoding).decode(bytes)
      : decodeUtf32(bytes, encoding === 'utf-32le');
  return Buffer.from(text);
}

function decodeUtf32(bytes: Buffer, isLittle: boolean): string {
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    const isCharacter = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    if (point !== 0xfeff || at > 0) parts.push(isCharacter ? String.fromCodePoint(point) : '\ufffd');
  }
  return parts.join('');
}
