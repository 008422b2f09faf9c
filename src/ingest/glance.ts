import type { Glance } from '../agents/agent.ts';
import type { Micros } from '../core/event.ts';
import { chunksOf, type OpenSource } from '../read/source-file.ts';
import type { TimeRange } from './job.ts';

/** The first and the last of the times that stand in a source; those of its events lie between them. */
export interface TimeSpan {
  readonly first: Micros;
  readonly last: Micros;
}

const LF = 0x0a;
/** `:"2026-05-04T09:00:00.120Z"`, as a time stands behind its key. */
const WRITTEN = /^:"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/;
const WRITTEN_LENGTH = 27;
/** A letter of a key may be written as its number. Agents write only control characters so: other numbers may hide a key. */
const NUMBERED = Buffer.from('\\u00');
const CONTROL_DIGITS = Buffer.from('01');

/** How much of a first line is looked at. */
const FIRST_LINE_BYTES = 256 * 1024;

/**
 * Looks through a source for times without reading its records: a tenth of the work. Null when only the records can tell: of which
 * session it is, or when no time is found, one is written in another way, or a key may be hidden.
 */
export function glanceAt(source: OpenSource, sessionId: string, { timeKey, session }: Glance): TimeSpan | null {
  if (session === 'path and first line' && !firstLine(source).includes(sessionId)) return null;
  return timesUnder(timeKey, chunksOf(source, 0, source.identity.sizeBytes));
}

function firstLine(source: OpenSource): Buffer {
  const head = source.read(0, Math.min(source.identity.sizeBytes, FIRST_LINE_BYTES));
  const end = head.indexOf(LF);
  return end === -1 ? head : head.subarray(0, end);
}

function timesUnder(key: string, chunks: Iterable<Buffer>): TimeSpan | null {
  const quoted = Buffer.from(`"${key}"`);
  let first = '';
  let last = '';
  let isWhole = true;
  for (const chunk of chunks) {
    // A line that is longer than a chunk may be cut inside of a key.
    if (!isWhole || mayHideKeys(chunk)) return null;
    for (let at = chunk.indexOf(quoted); at !== -1; at = chunk.indexOf(quoted, at)) {
      at += quoted.length;
      const time = WRITTEN.exec(chunk.toString('latin1', at, at + WRITTEN_LENGTH))?.[1];
      if (time === undefined) return null;
      if (first === '' || time < first) first = time;
      if (time > last) last = time;
    }
    isWhole = chunk.at(-1) === LF;
  }
  const [firstMs, lastMs] = [Date.parse(first), Date.parse(last)];
  return Number.isNaN(firstMs + lastMs) ? null : { first: firstMs * 1000, last: lastMs * 1000 };
}

function mayHideKeys(chunk: Buffer): boolean {
  for (let at = chunk.indexOf(NUMBERED); at !== -1; at = chunk.indexOf(NUMBERED, at)) {
    at += NUMBERED.length;
    const digit = chunk[at];
    if (digit === undefined || !CONTROL_DIGITS.includes(digit)) return true;
  }
  return false;
}

/** Whether no time of the span can lie in the range. */
export function isOutside({ first, last }: TimeSpan, { since, until }: TimeRange): boolean {
  return (since !== null && last < since) || (until !== null && first >= until);
}
