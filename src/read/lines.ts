/** One line of a source, without its line feed. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  readonly offset: number;
  /** All bytes of the line, or only its first ones when it is longer than a line may be. */
  readonly bytes: Buffer;
  readonly lengthBytes: number;
  readonly terminated: boolean;
}

/** Longest line that is parsed; V8 cannot hold strings over 512 MB, and a parsed line costs several times its size. */
export const MAX_LINE_BYTES = 128 * 1024 * 1024;

const LF = 0x0a;
const HEAD_BYTES = 4096;

/**
 * Cuts consecutive chunks of one source into lines, on LF bytes only: U+2028, a bare CR and friends occur inside strings.
 * `bytes` is a view into the chunk and only valid until the next chunk is asked for.
 */
export function* splitLines(chunks: Iterable<Buffer>): Generator<Line> {
  let number = 1;
  let offset = 0;
  let begun = new BegunLine();
  for (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LF, start);
      if (end < 0) break;
      const piece = chunk.subarray(start, end);
      const lengthBytes = begun.lengthBytes + piece.length;
      yield { number, offset, bytes: begun.with(piece), lengthBytes, terminated: true };
      offset += lengthBytes + 1;
      number += 1;
      if (begun.lengthBytes > 0) begun = new BegunLine();
      start = end + 1;
    }
    if (start < chunk.length) begun.add(chunk.subarray(start));
  }
  const { lengthBytes } = begun;
  if (lengthBytes > 0) yield { number, offset, bytes: begun.with(Buffer.alloc(0)), lengthBytes, terminated: false };
}

/** A line whose end lies in a later chunk; of one that grows too long only the beginning is held. */
class BegunLine {
  #parts: Buffer[] = [];
  lengthBytes = 0;

  add(piece: Buffer): void {
    this.lengthBytes += piece.length;
    if (this.lengthBytes > MAX_LINE_BYTES) this.#parts = [this.#head(piece)];
    // A copy: the chunk's memory may be used again for the next one.
    else this.#parts.push(Buffer.from(piece));
  }

  with(piece: Buffer): Buffer {
    if (this.lengthBytes === 0) return piece;
    if (this.lengthBytes + piece.length > MAX_LINE_BYTES) return this.#head(piece);
    return Buffer.concat([...this.#parts, piece]);
  }

  #head(piece: Buffer): Buffer {
    const parts = [...this.#parts, piece].map((part) => part.subarray(0, HEAD_BYTES));
    return Buffer.from(Buffer.concat(parts).subarray(0, HEAD_BYTES));
  }
}
