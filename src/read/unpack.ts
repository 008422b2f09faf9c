import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { errnoOf, messageOf } from '../core/errors.ts';

/** Transcripts shrink to a tenth; what grows more than this, beyond the first bytes, is a bomb (security.md T05). */
const MOST_RATIO = 250;
const ALWAYS_ALLOWED_BYTES = 64 * 1024 * 1024;
/** Nothing larger is unpacked, whatever its ratio. */
const MOST_BYTES = 512 * 1024 * 1024;
/** A packed byte may stand for 40 kB: small slices keep what one of them can become within bounds. */
const SLICE_BYTES = 512;

/** Packed bytes that cannot or must not be unpacked; they are kept as they are and counted as quarantined. */
export class NotUnpacked extends Error {
  override readonly name = 'NotUnpacked';
  readonly reason: 'damaged_archive' | 'unpacks_too_large';

  constructor(reason: NotUnpacked['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export type Packing = 'gzip' | 'zstd' | null;

export function packingOf(name: string): Packing {
  if (name.endsWith('.gz')) return 'gzip';
  return name.endsWith('.zst') || name.endsWith('.zstd') ? 'zstd' : null;
}

/** The bytes that were packed. Throws NotUnpacked. */
export function unpack(packed: Buffer, packing: Exclude<Packing, null>): Buffer {
  const most = Math.min(MOST_BYTES, Math.max(ALWAYS_ALLOWED_BYTES, packed.length * MOST_RATIO));
  return packing === 'gzip' ? gunzip(packed, most) : unzstd(packed, most);
}

function gunzip(packed: Buffer, most: number): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: most });
  } catch (error) {
    if (errnoOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most);
    throw new NotUnpacked('damaged_archive', messageOf(error));
  }
}

function unzstd(packed: Buffer, most: number): Buffer {
  const pieces: Buffer[] = [];
  let total = 0;
  let ended = false;
  const stream = new Decompress((piece, final) => {
    total += piece.length;
    if (total > most) throw tooLarge(most);
    // A copy: the library writes the next piece over this one.
    pieces.push(Buffer.from(piece));
    ended ||= final === true;
  });
  try {
    for (let at = 0; at < packed.length; at += SLICE_BYTES) {
      const end = Math.min(packed.length, at + SLICE_BYTES);
      stream.push(packed.subarray(at, end), end === packed.length);
    }
  } catch (error) {
    if (error instanceof NotUnpacked) throw error;
    throw new NotUnpacked('damaged_archive', messageOf(error));
  }
  if (!ended) throw new NotUnpacked('damaged_archive', 'The packed bytes end too early.');
  return Buffer.concat(pieces);
}

function tooLarge(most: number): NotUnpacked {
  return new NotUnpacked('unpacks_too_large', `It unpacks to more than ${most} bytes.`);
}
