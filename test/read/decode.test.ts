import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../src/read/decode.ts';

const pieces: readonly (readonly [string, Buffer])[] = [
  ['ASCII', Buffer.from('plain "text" \\u00e9 ')],
  ['two, three and four bytes a character', Buffer.from('ünïcødé 日本語 🚀 ')],
  ['a byte-order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x7b])],
  ['NUL and control bytes', Buffer.from([0x00, 0x1f, 0x7f, 0xc2, 0x80])],
  ['a cut character', Buffer.from([0x61, 0xe2, 0x82])],
  ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80, 0x62])],
  ['a byte that is none of UTF-8', Buffer.from([0x61, 0xff, 0x62])],
];

describe('decodeUtf8 says what toString does', () => {
  test.each(pieces)('%s, short and long', (_, piece) => {
    for (const times of [1, 40, 3000]) {
      const bytes = Buffer.concat(Array.from({ length: times }, () => piece));
      const text = bytes.toString('utf8');
      expect(decodeUtf8(bytes)).toEqual({ text, valid: Buffer.from(text).equals(bytes) });
    }
  });

  test('nothing', () => {
    expect(decodeUtf8(Buffer.alloc(0))).toEqual({ text: '', valid: true });
  });
});
