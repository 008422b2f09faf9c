import type { Json } from '../core/json.ts';
import { isObject } from '../core/json.ts';

/** A record cut out of a damaged line; `start` is the byte where it begins inside the line. */
interface SavedRecord {
  readonly start: number;
  readonly value: Json;
}

/** A span of a damaged line from which nothing could be read; bytes inside the line. */
interface LostSpan {
  readonly start: number;
  readonly length: number;
  readonly reason: string;
}

export interface Salvage {
  readonly records: readonly SavedRecord[];
  readonly lost: readonly LostSpan[];
}

/** How a transcript record begins; quotes inside strings are escaped, so the marks cannot stand inside texts (reliability.md 2). */
const recordStarts = ['{"type":', '{"parentUuid":', '{"timestamp":', '{"sessionId":', '{"uuid":', '{"role":'].map(
  (mark) => Buffer.from(mark),
);

const NUL = 0;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** More glued records than this on one line are not a torn write: the rest is quarantined. */
const MAX_RECORDS_PER_LINE = 64;

/**
 * Reads what can be read of a line that is not one JSON object: leading NULs and a byte-order mark go, records that were
 * glued together are told apart, a record that was cut off before the next one begins is lost and said so.
 */
export function salvage(line: Buffer): Salvage {
  const records: SavedRecord[] = [];
  const lost: LostSpan[] = [];
  let position = skipPadding(line, 0);
  while (position < line.length && records.length < MAX_RECORDS_PER_LINE) {
    const end = wholeRecordEnd(line, position);
    if (end !== null && (lost.length === 0 || isTranscriptRecord(end.value))) {
      records.push({ start: position, value: end.value });
      position = skipPadding(line, end.end);
      continue;
    }
    const next = nextRecordStart(line, position + 1);
    const stop = next ?? line.length;
    lose(lost, { start: position, length: stop - position, reason: next === null ? 'not_json' : 'cut_record' });
    position = stop;
  }
  if (position < line.length)
    lost.push({ start: position, length: line.length - position, reason: 'too_many_records' });
  return { records, lost };
}

/** What is lost of one cut record is one span, however many of its blocks begin like records. */
function lose(lost: LostSpan[], span: LostSpan): void {
  const last = lost.at(-1);
  if (last === undefined || last.start + last.length !== span.start) lost.push(span);
  else lost[lost.length - 1] = { start: last.start, length: last.length + span.length, reason: last.reason };
}

/** A content block of a cut record begins like a record, but has none of these. */
const recordFields = ['uuid', 'timestamp', 'sessionId', 'parentUuid', 'leafUuid', 'messageId', 'payload'];

function isTranscriptRecord(value: Json): boolean {
  return isObject(value) && recordFields.some((field) => value[field] !== undefined);
}

/** The record that begins at `start`: up to the line's end, or up to a place where the next record begins. */
function wholeRecordEnd(line: Buffer, start: number): { readonly end: number; readonly value: Json } | null {
  if (line[start] !== OPEN_BRACE) return null;
  const whole = parseObject(line, start, line.length);
  if (whole !== null) return { end: line.length, value: whole };
  let boundary = nextRecordStart(line, start + 1);
  while (boundary !== null) {
    const end = trimEnd(line, start, boundary);
    const value = line[end - 1] === CLOSE_BRACE ? parseObject(line, start, end) : null;
    if (value !== null) return { end: boundary, value };
    boundary = nextRecordStart(line, boundary + 1);
  }
  const tail = trimEnd(line, start, line.length);
  const value = tail < line.length ? parseObject(line, start, tail) : null;
  return value === null ? null : { end: line.length, value };
}

function nextRecordStart(line: Buffer, from: number): number | null {
  let first: number | null = null;
  for (const mark of recordStarts) {
    const at = line.indexOf(mark, from);
    if (at >= 0 && (first === null || at < first)) first = at;
  }
  return first;
}

function parseObject(line: Buffer, start: number, end: number): Json | null {
  try {
    const value: Json = JSON.parse(line.toString('utf8', start, end));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function skipPadding(line: Buffer, from: number): number {
  let position = from;
  while (position < line.length) {
    if (isPadding(line[position])) position += 1;
    else if (isByteOrderMark(line, position)) position += 3;
    else break;
  }
  return position;
}

function trimEnd(line: Buffer, start: number, end: number): number {
  let position = end;
  while (position > start && isPadding(line[position - 1])) position -= 1;
  return position;
}

function isPadding(byte: number | undefined): boolean {
  return byte === NUL || byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function isByteOrderMark(line: Buffer, at: number): boolean {
  return line[at] === 0xef && line[at + 1] === 0xbb && line[at + 2] === 0xbf;
}
