import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { NotUnpacked, packingOf, unpack } from '../../src/read/unpack.ts';

const text = `${JSON.stringify({ type: 'x', text: 'fix the login test' })}\n`.repeat(200);

/** `text` packed by the zstd program at level 3 (RFC 8878), so that the reader is held against another writer. */
const zstdOfHello = Buffer.from('28b52ffd045869000068656c6c6f2c20776f726c640a4c1ff9f1', 'hex');

function reasonOf(packed: Buffer, packing: 'gzip' | 'zstd'): string {
  try {
    unpack(packed, packing);
    return 'unpacked';
  } catch (error) {
    return error instanceof NotUnpacked ? error.reason : 'another error';
  }
}

/** A zstd frame of run-length blocks: 3 bytes and one value stand for up to 128 KiB each. */
function zstdBomb(blocks: number): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const size = 128 * 1024;
  const block = (last: boolean): Buffer => {
    const value = (size << 3) | (1 << 1) | Number(last);
    return Buffer.from([value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, 0x61]);
  };
  return Buffer.concat([header, ...Array.from({ length: blocks }, (_, index) => block(index === blocks - 1))]);
}

describe('a packed file', () => {
  test('is told by its name', () => {
    expect(['a.jsonl', 'a.jsonl.gz', 'a.jsonl.zst', 'session.jsonl.zstd', 'zst'].map(packingOf)).toEqual([
      null,
      'gzip',
      'zstd',
      'zstd',
      null,
    ]);
  });

  test('of gzip gives the bytes that went in, also when it has several members', () => {
    const half = text.length / 2;
    const members = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]);
    expect(unpack(gzipSync(text), 'gzip').toString()).toBe(text);
    expect(unpack(members, 'gzip').toString()).toBe(text);
  });

  test('of zstd gives the bytes that went in, also when it has several frames', () => {
    expect(unpack(zstdOfHello, 'zstd').toString()).toBe('hello, world\n');
    expect(unpack(Buffer.concat([zstdOfHello, zstdOfHello]), 'zstd').toString()).toBe('hello, world\nhello, world\n');
  });

  test.each([
    ['gzip', gzipSync(text).subarray(0, -20)],
    ['gzip', Buffer.from('no archive')],
    ['gzip', Buffer.alloc(0)],
    ['zstd', zstdOfHello.subarray(0, -8)],
    ['zstd', Buffer.from('no archive')],
    ['zstd', Buffer.alloc(0)],
  ] as const)('of %s that is cut or broken is damaged', (packing, packed) => {
    expect(reasonOf(packed, packing)).toBe('damaged_archive');
  });

  test('that unpacks to far more than transcripts do is refused before the memory is full (F59, T02)', () => {
    expect(reasonOf(gzipSync(Buffer.alloc(80 * 1024 * 1024)), 'gzip')).toBe('unpacks_too_large');
    expect(reasonOf(zstdBomb(1000), 'zstd')).toBe('unpacks_too_large');
    expect(reasonOf(zstdBomb(100), 'zstd')).toBe('unpacked');
  });
});
