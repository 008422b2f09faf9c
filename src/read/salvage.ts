import { isObject, type Json } from '../core/json.ts';
import { parseJson } from './json-text.ts';
import { scanObject } from './scan.ts';

/** A record cut out of a damaged line; `start` is the byte where it begins inside the line. */
interface SavedRecord {
  readonly start: number;
  readonly value: Json;
  readonly duplicateKeys: boolean;
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
const recordStarts = [
  '{"type":',
  '{"parentUuid":',
  '{"timestamp":',
  '{"sessionId":',
  '{"uuid":',
  '{"role":',
  '{"id":',
].map((mark) => Buffer.from(mark));

const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
/** How often a line may be looked through: damage is torn writes, and what needs more is made to cost time. */
const MOST_PASSES = 32;

/**
 * Reads what can be read of a line that is not one JSON object: leading NULs and a byte-order mark go, records that were
 * glued together are told apart, a record that was cut off before the next one begins is lost and said so.
 */
export function salvage(line: Buffer): Salvage {
  const records: SavedRecord[] = [];
  const lost: LostSpan[] = [];
  const marks = new MarkFinder(line);
  let work = MOST_PASSES * line.length + 1_000_000;
  let position = skipPadding(line, 0);
  // Whether the place before `position` is known to end a record, so that whatever object begins here is the next one.
  let atBorder = true;
  while (position < line.length) {
    const scan = line[position] === OPEN_BRACE ? scanObject(line, position) : { cut: position + 1 };
    const reached = 'end' in scan ? scan.end : scan.cut;
    work -= reached - position;
    if (work < 0) {
      lose(lost, { start: position, length: line.length - position, reason: 'too_damaged' });
      break;
    }
    const saved = 'end' in scan ? recordIn(line, position, scan.end, atBorder) : null;
    if (saved !== null) {
      records.push(saved);
      position = skipPadding(line, reached);
      atBorder = true;
      continue;
    }
    const border = 'cut' in scan ? borderAt(line, position, reached) : null;
    // A record that is open at the end of the line may have swallowed the next one where a value was due.
    const from = 'cut' in scan && reached === line.length ? position + 1 : reached;
    const next = border ?? marks.next(from) ?? line.length;
    const isCut = next < line.length || ('cut' in scan && reached === line.length);
    lose(lost, { start: position, length: next - position, reason: isCut ? 'cut_record' : 'not_json' });
    atBorder = border !== null;
    position = next;
  }
  return { records, lost };
}

/** The object, when it is a record of its own: nothing but the line's end or another record follows it. */
function recordIn(line: Buffer, start: number, end: number, atBorder: boolean): SavedRecord | null {
  const follows = skipPadding(line, end);
  if (follows < line.length && line[follows] !== OPEN_BRACE) return null;
  const parsed = parseJson(line.toString('utf8', start, end));
  if (parsed === null || parsed.tooDeep || !(atBorder || isTranscriptRecord(parsed.value))) return null;
  return { start, value: parsed.value, duplicateKeys: parsed.duplicateKeys };
}

/** Where a record begins that broke the one before it at `cut`: there, or two bytes earlier when it fell into an open string. */
function borderAt(line: Buffer, start: number, cut: number): number | null {
  const padded = skipPadding(line, cut);
  if (beginsRecord(line, padded)) return padded;
  const inString = cut - 2;
  return inString > start && beginsRecord(line, inString) ? inString : null;
}

function beginsRecord(line: Buffer, at: number): boolean {
  return line[at] === OPEN_BRACE && line[at + 1] === QUOTE;
}

/** What is lost of one cut record is one span, however many of its blocks begin like records. */
function lose(lost: LostSpan[], span: LostSpan): void {
  const last = lost.at(-1);
  if (last === undefined || last.start + last.length !== span.start) lost.push(span);
  else lost[lost.length - 1] = { start: last.start, length: last.length + span.length, reason: last.reason };
}

/** A content block of a cut record begins like a record, but has none of these. */
const recordFields = [
  'uuid',
  'timestamp',
  'sessionId',
  'parentUuid',
  'leafUuid',
  'messageId',
  'payload',
  'time',
  'createdAt',
];

function isTranscriptRecord(value: Json): boolean {
  return isObject(value) && recordFields.some((field) => value[field] !== undefined);
}

/** Asked from left to right; each mark is searched for once, however many places ask. */
class MarkFinder {
  readonly #line: Buffer;
  readonly #found: number[] = recordStarts.map(() => -1);

  constructor(line: Buffer) {
    this.#line = line;
  }

  next(from: number): number | null {
    let first = this.#line.length;
    recordStarts.forEach((mark, index) => {
      let at = this.#found[index] ?? -1;
      if (at < from) {
        const found = this.#line.indexOf(mark, from);
        at = found < 0 ? this.#line.length : found;
        this.#found[index] = at;
      }
      if (at < first) first = at;
    });
    return first < this.#line.length ? first : null;
  }
}

/** NULs, blanks, bare carriage returns and byte-order marks between records. */
function skipPadding(line: Buffer, from: number): number {
  let position = from;
  while (position < line.length) {
    const byte = line[position];
    if (byte === 0 || byte === 0x20 || byte === 0x09 || byte === 0x0d) position += 1;
    else if (byte === 0xef && line[position + 1] === 0xbb && line[position + 2] === 0xbf) position += 3;
    else break;
  }
  return position;
}
