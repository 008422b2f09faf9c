/** One line of a source, without its line feed. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly terminated: boolean;
}

const LF = 0x0a;

/**
 * Cuts consecutive chunks of one source into lines, on LF bytes only: U+2028, a bare CR and friends occur inside strings.
 * `bytes` is a view into the chunk and only valid until the next chunk is asked for.
 */
export function* splitLines(chunks: Iterable<Buffer>): Generator<Line> {
  let number = 1;
  let offset = 0;
  let carried: Buffer[] = [];
  let carriedBytes = 0;
  for (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LF, start);
      if (end < 0) break;
      const piece = chunk.subarray(start, end);
      const bytes = carried.length === 0 ? piece : Buffer.concat([...carried, piece]);
      yield { number, offset, bytes, terminated: true };
      offset += bytes.length + 1;
      number += 1;
      carried = [];
      carriedBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      // A copy: the chunk's memory may be used again for the next one.
      carried.push(Buffer.from(chunk.subarray(start)));
      carriedBytes += chunk.length - start;
    }
  }
  if (carriedBytes > 0) yield { number, offset, bytes: Buffer.concat(carried), terminated: false };
}
