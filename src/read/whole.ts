import type { SourceForm } from '../agents/agent.ts';
import { isObject, type Json } from '../core/json.ts';
import type { SourceRecord } from '../core/record.ts';
import { splitLines } from './lines.ts';
import { isBlank, MAX_LINE_BYTES, parseRecords, tooDeep, type ReadSink } from './records.ts';
import { NotUnpacked, packingOf, unpack } from './unpack.ts';

/** A document that was written over several lines begins like this; a line of JSON lines never does. */
const PRETTY_PRINTED = /^\uFEFF?\s*[[{][ \t]*\r?\n/;
const HEAD_BYTES = 64;

/** Whether a source can only be read as a whole: it is kept when it is complete, and never in parts. */
export function isWhole(name: string, form: SourceForm, head: Buffer): boolean {
  return packingOf(name) !== null || formOf(form, head) !== 'lines';
}

/** The form as the first bytes show it: programs write documents into files that are named for lines. */
function formOf(form: SourceForm, head: Buffer): SourceForm {
  return form === 'lines' && PRETTY_PRINTED.test(head.toString('utf8', 0, HEAD_BYTES)) ? 'document' : form;
}

/** All records of a source, from all its bytes; every line is counted in `sink`, a whole document or text as one line. */
export function* readRecords(
  chunks: Iterable<Buffer>,
  name: string,
  form: SourceForm,
  sink: ReadSink,
): Generator<SourceRecord> {
  const packing = packingOf(name);
  if (packing === null) {
    const [head, rest] = withHead(chunks);
    yield* recordsOf(rest, formOf(form, head), sink);
    return;
  }
  const packed = Buffer.concat([...chunks]);
  if (packed.length === 0) return;
  let bytes: Buffer;
  try {
    bytes = unpack(packed, packing);
  } catch (error) {
    if (!(error instanceof NotUnpacked)) throw error;
    quarantineWhole(packed, error.reason, sink);
    return;
  }
  yield* recordsOf([bytes], formOf(form, bytes), sink);
}

function* recordsOf(chunks: Iterable<Buffer>, form: SourceForm, sink: ReadSink): Generator<SourceRecord> {
  if (form === 'lines') {
    yield* parseRecords(splitLines(chunks), sink);
    return;
  }
  const bytes = Buffer.concat([...chunks]);
  if (bytes.length === 0) return;
  sink.counts.lines += 1;
  if (isBlank(bytes)) {
    sink.counts.blank += 1;
    return;
  }
  const value = form === 'text' ? { text: bytes.toString('utf8') } : documentIn(bytes);
  if (typeof value === 'string') {
    sink.counts.lines -= 1;
    quarantineWhole(bytes, value, sink);
    return;
  }
  sink.counts.records += 1;
  yield { line: 1, offset: 0, value, flags: [] };
}

/** The value, or why there is none. */
function documentIn(bytes: Buffer): Exclude<Json, string> | DocumentFault {
  if (bytes.length > MAX_LINE_BYTES) return 'document_too_long';
  const value = parseDocument(bytes);
  if (value === null) return 'not_json';
  return tooDeep(value) ? 'nested_too_deep' : value;
}

type DocumentFault = 'document_too_long' | 'not_json' | 'nested_too_deep';

function parseDocument(bytes: Buffer): Exclude<Json, string | number | boolean> {
  try {
    const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const value: Json = JSON.parse(bytes.toString('utf8', start));
    return isObject(value) || Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether the bytes of a whole source are complete: an object or a list that ends, an archive that unpacks. */
export function isComplete(bytes: Buffer, name: string, form: SourceForm): boolean {
  const packing = packingOf(name);
  if (packing !== null) {
    try {
      unpack(bytes, packing);
      return true;
    } catch (error) {
      // What is too large stays so however long one waits.
      if (error instanceof NotUnpacked) return error.reason === 'unpacks_too_large';
      throw error;
    }
  }
  if (formOf(form, bytes) === 'text' || bytes.length > MAX_LINE_BYTES) return true;
  return parseDocument(bytes) !== null;
}

function quarantineWhole(bytes: Buffer, reason: string, sink: ReadSink): void {
  sink.counts.lines += 1;
  sink.counts.quarantined += 1;
  sink.quarantine.push({
    line: 1,
    offset: 0,
    lengthBytes: bytes.length,
    reason,
    head: Buffer.from(bytes.subarray(0, 200)),
  });
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
