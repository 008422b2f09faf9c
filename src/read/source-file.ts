import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { errnoOf, messageOf, SeshError } from '../core/errors.ts';
import { step } from '../rehearsal/step.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { isLinkedByAnother, isPlaceOf, LINKED_BY_ANOTHER } from './place.ts';
import { isWholeRecord } from './records.ts';

/** Most bytes of one chunk: the largest row of `raw`. */
const MAX_CHUNK_BYTES = 8 * 1024 * 1024;

const LF = 0x0a;
const BACKWARD_STEP_BYTES = 64 * 1024;

export interface FileIdentity {
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly deviceInode: string;
  readonly uid: number;
  readonly links: number;
}

/** A source opened for reading; nothing here can write to it. */
export interface OpenSource {
  readonly identity: FileIdentity;
  /** Bytes `from` (inclusive) to `to` (exclusive), in `memory` where it is given; fewer when the file became shorter meanwhile. */
  readonly read: (from: number, to: number, memory?: Buffer) => Buffer;
  readonly close: () => void;
}

/** A source that cannot be read now: counted as unreadable, never as empty. */
export class UnreadableSource extends SeshError {
  override readonly name = 'UnreadableSource';
}

/**
 * Opens without following a link anywhere in the path, and refuses everything but regular files. What is asked is asked of the
 * open file: between a look at a path and its opening another person could put something else there (security.md T04, T07, T39).
 * `file` is absolute and without links.
 */
export function openSource(file: string): OpenSource {
  const descriptor = openDescriptor(file);
  try {
    const status = look(descriptor, file);
    if (!status.isFile()) throw new UnreadableSource(`${file} is not a regular file.`);
    if (!isPlaceOf(file, descriptor)) throw new UnreadableSource(`${file} is reached through a link, or was moved.`);
    if (isLinkedByAnother(file, status)) throw new UnreadableSource(`${file} ${LINKED_BY_ANOTHER}.`);
    return {
      identity: identityOf(status),
      read: (from, to, memory) => readRange(descriptor, from, to, memory),
      close: () => fs.closeSync(descriptor),
    };
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

function look(descriptor: number, path: string): fs.BigIntStats {
  try {
    step('look:before');
    return fs.fstatSync(descriptor, { bigint: true });
  } catch (error) {
    throw new UnreadableSource(`${path} cannot be looked at (${errnoOf(error) ?? messageOf(error)}).`, {
      cause: error,
    });
  }
}

function openDescriptor(path: string): number {
  try {
    step('open:before');
    // Without O_NONBLOCK the open of a FIFO would wait for a writer for ever.
    return fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch (error) {
    const reason = errnoOf(error) ?? messageOf(error);
    throw new UnreadableSource(`${path} cannot be opened (${reason}).`, { cause: error });
  }
}

export function identityOf(status: fs.BigIntStats): FileIdentity {
  return {
    sizeBytes: Number(status.size),
    mtimeNs: status.mtimeNs,
    deviceInode: `${status.dev}:${status.ino}`,
    uid: Number(status.uid),
    links: Number(status.nlink),
  };
}

function readRange(descriptor: number, from: number, to: number, memory?: Buffer): Buffer {
  const length = Math.max(0, to - from);
  const buffer = memory?.subarray(0, length) ?? Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSome(descriptor, buffer, filled, from + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

function readSome(descriptor: number, buffer: Buffer, at: number, position: number): number {
  try {
    step('read:before');
    return fs.readSync(descriptor, buffer, at, buffer.length - at, position);
  } catch (error) {
    throw new UnreadableSource(`It cannot be read (${errnoOf(error) ?? messageOf(error)}).`, { cause: error });
  }
}

/**
 * Where the bytes that can be kept end: after the last line feed, or at the end of the file when the tail is a whole record or
 * the file is `finished` (nobody will write the rest of the line). Bytes after it are pending.
 */
export function archivableEnd(source: OpenSource, from: number, finished: boolean): number {
  const size = source.identity.sizeBytes;
  const lineEnd = lastLineEnd(source, from, size);
  if (lineEnd === size) return size;
  if (finished) return size;
  // The kept bytes may end inside a line that was torn for a day: its rest alone is no record, the whole line may be one.
  const lineStart = lineEnd > from ? lineEnd : lastLineEnd(source, 0, from);
  const lineFits = size - lineStart <= MAX_LINE_BYTES;
  return lineFits && isWholeRecord(source.read(lineStart, size)) ? size : lineEnd;
}

function lastLineEnd(source: OpenSource, from: number, to: number): number {
  let end = to;
  while (end > from) {
    const start = Math.max(from, end - BACKWARD_STEP_BYTES);
    const at = source.read(start, end).lastIndexOf(LF);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return from;
}

/** SHA-256 of the first bytes of a source, hex; null when it has fewer. */
export function hashOf(source: OpenSource, bytes: number): string | null {
  if (source.identity.sizeBytes < bytes) return null;
  const hash = createHash('sha256');
  for (const chunk of chunksOf(source, 0, bytes)) hash.update(chunk);
  return hash.digest('hex');
}

/** Memory of readers that have finished: new memory costs a fault for each page, and waits for the collector. */
const spare: Buffer[] = [];

/**
 * The bytes from `from` to `end` in chunks of whole lines; only a line longer than a chunk is cut. A chunk is only valid until the
 * next one is asked for.
 */
export function* chunksOf(source: OpenSource, from: number, end: number): Generator<Buffer> {
  const memory = spare.pop() ?? Buffer.allocUnsafeSlow(MAX_CHUNK_BYTES);
  try {
    yield* chunksIn(memory, source, from, end);
  } finally {
    spare.push(memory);
  }
}

function* chunksIn(memory: Buffer, source: OpenSource, from: number, end: number): Generator<Buffer> {
  let position = from;
  while (position < end) {
    const wanted = Math.min(end, position + MAX_CHUNK_BYTES);
    const bytes = source.read(position, wanted, memory);
    if (bytes.length < wanted - position) {
      throw new UnreadableSource('The file became shorter while it was read; the next sync reads it again.');
    }
    const cut = wanted === end ? bytes.length : bytes.lastIndexOf(LF) + 1;
    const chunk = cut === 0 ? bytes : bytes.subarray(0, cut);
    yield chunk;
    position += chunk.length;
  }
}
