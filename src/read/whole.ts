import type { SourceForm } from '../agents/agent.ts';
import { isObject } from '../core/json.ts';
import type { SourceRecord } from '../core/record.ts';
import { decodeUtf8 } from './decode.ts';
import { toUtf8, wideEncodingOf } from './encoding.ts';
import { parseJson, type ParsedText } from './json-text.ts';
import { MAX_LINE_BYTES, splitLines } from './lines.ts';
import { HEAD_BYTES, isBlank, isWholeRecord, parseRecords, type ReadSink } from './records.ts';
import { NotUnpacked, packingOf, unpack } from './unpack.ts';

/** A document that was written over several lines begins like this; a line of JSON lines never does. */
const PRETTY_PRINTED = /^\uFEFF?\s*[[{][ \t]*\r?\n/;
const FORM_BYTES = 64;
const LF = 0x0a;

/** Whether a source can only be read as a whole: it is kept when it is complete, and never in parts. */
export function isWhole(name: string, form: SourceForm, head: Buffer): boolean {
  return packingOf(name) !== null || wideEncodingOf(head) !== null || formOf(form, head) !== 'lines';
}

/** The form as the first bytes show it: programs write documents into files that are named for lines. */
function formOf(form: SourceForm, head: Buffer): SourceForm {
  return form === 'lines' && PRETTY_PRINTED.test(head.toString('utf8', 0, FORM_BYTES)) ? 'document' : form;
}

/** How a source is read whose path says nothing: as lines, or as one document. */
export function sniffedForm(name: string, form: SourceForm, head: Buffer): SourceForm {
  return packingOf(name) === null && wideEncodingOf(head) === null ? formOf(form, head) : form;
}

/** All records of a source, from all its bytes; every line is counted in `sink`, a whole document or text as one line. */
export function* readRecords(
  chunks: Iterable<Buffer>,
  name: string,
  form: SourceForm,
  sink: ReadSink,
): Generator<SourceRecord> {
  const [head, all] = withHead(chunks);
  if (!isWhole(name, form, head)) {
    yield* parseRecords(splitLines(all), sink);
    return;
  }
  const { bytes, begin, lengthBytes } = gather(all);
  if (lengthBytes === 0) return;
  if (bytes === null) {
    quarantineWhole(begin, lengthBytes, 'document_too_long', sink);
    return;
  }
  try {
    const text = asUtf8(unpacked(bytes, name));
    yield* recordsOf(text, formOf(form, text), sink);
  } catch (error) {
    if (!(error instanceof NotUnpacked)) throw error;
    quarantineWhole(begin, lengthBytes, error.reason, sink);
  }
}

function unpacked(bytes: Buffer, name: string): Buffer {
  const packing = packingOf(name);
  return packing === null ? bytes : unpack(bytes, packing);
}

function asUtf8(bytes: Buffer): Buffer {
  const encoding = wideEncodingOf(bytes);
  if (encoding === null) return bytes;
  if (bytes.length > MAX_LINE_BYTES) throw new NotUnpacked('unpacks_too_large', 'It is too long to be converted.');
  return toUtf8(bytes, encoding);
}

interface Gathered {
  /** Null when there are too many to be held. */
  readonly bytes: Buffer | null;
  readonly begin: Buffer;
  readonly lengthBytes: number;
}

/** All chunks as one; of too many only the first one, and how many they are. */
function gather(chunks: Iterable<Buffer>): Gathered {
  let parts: Buffer[] = [];
  let begin: Buffer | null = null;
  let lengthBytes = 0;
  for (const chunk of chunks) {
    begin ??= Buffer.from(chunk.subarray(0, HEAD_BYTES * 4));
    lengthBytes += chunk.length;
    if (lengthBytes > MAX_LINE_BYTES) parts = [];
    // A copy: a chunk is only valid until the next one.
    else parts.push(Buffer.from(chunk));
  }
  const [first, ...others] = parts;
  const whole = first !== undefined && others.length === 0 ? first : Buffer.concat(parts);
  const bytes = lengthBytes > MAX_LINE_BYTES ? null : whole;
  return { bytes, begin: begin ?? Buffer.alloc(0), lengthBytes };
}

function* recordsOf(bytes: Buffer, form: SourceForm, sink: ReadSink): Generator<SourceRecord> {
  if (form === 'lines') {
    yield* parseRecords(splitLines([bytes]), sink);
    return;
  }
  if (bytes.length === 0) return;
  if (isBlank(bytes)) {
    sink.counts.lines += 1;
    sink.counts.blank += 1;
    return;
  }
  const parsed = form === 'text' ? textIn(bytes) : documentIn(bytes);
  if (typeof parsed === 'string') {
    quarantineWhole(bytes, bytes.length, parsed, sink);
    return;
  }
  sink.counts.lines += 1;
  sink.counts.records += 1;
  yield { line: 1, offset: 0, value: parsed.value, flags: parsed.duplicateKeys ? ['duplicate_keys'] : [] };
}

type Document = Pick<ParsedText, 'value' | 'duplicateKeys'>;

function textIn(bytes: Buffer): Document {
  return { value: { text: bytes.toString('utf8') }, duplicateKeys: false };
}

/** The value, or why there is none. */
function documentIn(bytes: Buffer): Document | 'document_too_long' | 'not_json' | 'nested_too_deep' {
  if (bytes.length > MAX_LINE_BYTES) return 'document_too_long';
  const parsed = parseDocument(bytes);
  if (parsed === null) return 'not_json';
  return parsed.tooDeep ? 'nested_too_deep' : parsed;
}

/** An object or a list; null for anything else. */
function parseDocument(bytes: Buffer): ParsedText | null {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const parsed = parseJson(decodeUtf8(bytes.subarray(start)).text);
  return parsed !== null && (isObject(parsed.value) || Array.isArray(parsed.value)) ? parsed : null;
}

/** Whether the bytes of a whole source are complete: an object or a list that ends, an archive that unpacks, a line that ends. */
export function isComplete(bytes: Buffer, name: string, form: SourceForm): boolean {
  if (bytes.length > MAX_LINE_BYTES) return true;
  try {
    const text = asUtf8(unpacked(bytes, name));
    if (packingOf(name) !== null) return true;
    const found = formOf(form, text);
    if (found === 'text') return true;
    return found === 'lines' ? endsWithLine(text) : parseDocument(text) !== null;
  } catch (error) {
    // What is too large stays so however long one waits.
    if (error instanceof NotUnpacked) return error.reason === 'unpacks_too_large';
    throw error;
  }
}

function endsWithLine(bytes: Buffer): boolean {
  const lineStart = bytes.lastIndexOf(LF) + 1;
  return lineStart === bytes.length || isWholeRecord(bytes.subarray(lineStart));
}

function quarantineWhole(begin: Buffer, lengthBytes: number, reason: string, sink: ReadSink): void {
  sink.counts.lines += 1;
  sink.counts.quarantined += 1;
  const head = Buffer.from(begin.subarray(0, HEAD_BYTES));
  sink.quarantine.push({ line: 1, offset: 0, lengthBytes, reason, head });
}

/** The first chunk, and all chunks with it. */
function withHead(chunks: Iterable<Buffer>): readonly [Buffer, Iterable<Buffer>] {
  const iterator = chunks[Symbol.iterator]();
  const first = iterator.next();
  if (first.done === true) return [Buffer.alloc(0), []];
  return [first.value, resumed(first.value, iterator)];
}

function* resumed(first: Buffer, rest: Iterator<Buffer>): Generator<Buffer> {
  yield first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}
