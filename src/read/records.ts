import type { EventFlag } from '../core/event.ts';
import { isObject } from '../core/json.ts';
import type { SourceRecord } from '../core/record.ts';
import { decodeUtf8 } from './decode.ts';
import { parseJson } from './json-text.ts';
import { MAX_LINE_BYTES, type Line } from './lines.ts';
import { salvage } from './salvage.ts';

/** Bytes of a quarantined span that are handed on. */
export const HEAD_BYTES = 1200;

export interface QuarantinedSpan {
  readonly line: number;
  readonly offset: number;
  readonly lengthBytes: number;
  readonly reason: string;
  /** The first bytes: more than are kept, so that secrets can be seen whole before they are cut. */
  readonly head: Buffer;
}

/** What became of the lines: `lines = records + salvaged + quarantined + blank`. */
export interface ReadCounts {
  lines: number;
  records: number;
  salvaged: number;
  quarantined: number;
  blank: number;
  salvagedRecords: number;
}

export interface ReadSink {
  readonly counts: ReadCounts;
  readonly quarantine: QuarantinedSpan[];
}

export function newReadSink(): ReadSink {
  return {
    counts: { lines: 0, records: 0, salvaged: 0, quarantined: 0, blank: 0, salvagedRecords: 0 },
    quarantine: [],
  };
}

/** Lines in, parsed records out; every line is counted in `sink` as exactly one of record, salvaged, quarantined or blank. */
export function* parseRecords(lines: Iterable<Line>, sink: ReadSink): Generator<SourceRecord> {
  const { counts } = sink;
  for (const line of lines) {
    counts.lines += 1;
    if (line.lengthBytes > MAX_LINE_BYTES) {
      quarantine(line, 'line_too_long', sink);
      continue;
    }
    if (isBlank(line.bytes)) {
      counts.blank += 1;
      continue;
    }
    const { text, valid } = decodeUtf8(line.bytes);
    const parsed = parseJson(text);
    if (parsed === null) yield* saveFrom(line, valid, sink);
    else if (parsed.tooDeep) quarantine(line, 'nested_too_deep', sink);
    else if (!isObject(parsed.value)) quarantine(line, 'not_an_object', sink);
    else {
      counts.records += 1;
      yield {
        line: line.number,
        offset: line.offset,
        value: parsed.value,
        flags: flagsOf(line, valid, parsed.duplicateKeys),
      };
    }
  }
}

function* saveFrom(line: Line, valid: boolean, sink: ReadSink): Generator<SourceRecord> {
  const { records, lost } = salvage(line.bytes);
  for (const { start, length, reason } of lost) sink.quarantine.push(span(line, start, length, reason));
  if (records.length === 0) {
    sink.counts.quarantined += 1;
    if (lost.length === 0) sink.quarantine.push(span(line, 0, line.lengthBytes, 'only_padding'));
    return;
  }
  sink.counts.salvaged += 1;
  sink.counts.salvagedRecords += records.length;
  for (const { start, value, duplicateKeys } of records) {
    const flags: readonly EventFlag[] = ['salvaged', ...flagsOf(line, valid, duplicateKeys)];
    yield { line: line.number, offset: line.offset + start, value, flags };
  }
}

function quarantine(line: Line, reason: string, sink: ReadSink): void {
  sink.counts.quarantined += 1;
  sink.quarantine.push(span(line, 0, line.lengthBytes, reason));
}

const noFlags: readonly EventFlag[] = [];

function flagsOf(line: Line, valid: boolean, duplicateKeys: boolean): readonly EventFlag[] {
  if (line.terminated && valid && !duplicateKeys) return noFlags;
  const flags: EventFlag[] = [];
  if (!line.terminated) flags.push('unterminated');
  if (!valid) flags.push('replaced_characters');
  if (duplicateKeys) flags.push('duplicate_keys');
  return flags;
}

export function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return false;
  }
  return true;
}

function span(line: Line, start: number, lengthBytes: number, reason: string): QuarantinedSpan {
  return {
    line: line.number,
    offset: line.offset + start,
    lengthBytes,
    reason,
    head: Buffer.from(line.bytes.subarray(start, start + Math.min(lengthBytes, HEAD_BYTES))),
  };
}

/** Whether bytes after the last line feed are one whole JSON object: such an object cannot be the beginning of a longer one. */
export function isWholeRecord(tail: Buffer): boolean {
  if (tail.length > MAX_LINE_BYTES) return false;
  const parsed = parseJson(decodeUtf8(tail).text);
  return parsed !== null && isObject(parsed.value);
}
