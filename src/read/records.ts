import { isUtf8 } from 'node:buffer';
import type { EventFlag } from '../core/event.ts';
import { isObject, type Json } from '../core/json.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Line } from './lines.ts';
import { salvage } from './salvage.ts';

/** Longest line that is parsed; V8 cannot hold strings over 512 MB, and a parsed line costs several times its size. */
export const MAX_LINE_BYTES = 128 * 1024 * 1024;
/** Deeper records end native JSON code (reliability.md 2); the deepest real one seen has 7 levels. */
export const MAX_DEPTH = 512;

export interface QuarantinedSpan {
  readonly line: number;
  readonly offset: number;
  readonly lengthBytes: number;
  readonly reason: string;
  /** The first 200 bytes. */
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
    if (isBlank(line.bytes)) {
      counts.blank += 1;
      continue;
    }
    if (line.bytes.length > MAX_LINE_BYTES) {
      counts.quarantined += 1;
      sink.quarantine.push(span(line, 0, line.bytes.length, 'line_too_long'));
      continue;
    }
    const value = parseWhole(line.bytes);
    if (value === null) {
      yield* saveFrom(line, sink);
      continue;
    }
    if (tooDeep(value)) {
      counts.quarantined += 1;
      sink.quarantine.push(span(line, 0, line.bytes.length, 'nested_too_deep'));
      continue;
    }
    counts.records += 1;
    yield { line: line.number, offset: line.offset, value, flags: flagsOf(line) };
  }
}

function* saveFrom(line: Line, sink: ReadSink): Generator<SourceRecord> {
  const { records, lost } = salvage(line.bytes);
  const usable = records.filter((record) => !tooDeep(record.value));
  for (const { start, length, reason } of lost) sink.quarantine.push(span(line, start, length, reason));
  if (usable.length === 0) {
    sink.counts.quarantined += 1;
    const reason = records.length === 0 ? 'only_padding' : 'nested_too_deep';
    if (lost.length === 0) sink.quarantine.push(span(line, 0, line.bytes.length, reason));
    return;
  }
  sink.counts.salvaged += 1;
  sink.counts.salvagedRecords += usable.length;
  const flags: readonly EventFlag[] = ['salvaged', ...flagsOf(line)];
  for (const { start, value } of usable) {
    yield { line: line.number, offset: line.offset + start, value, flags };
  }
}

const noFlags: readonly EventFlag[] = [];

function flagsOf(line: Line): readonly EventFlag[] {
  const damaged = !isUtf8(line.bytes);
  if (line.terminated && !damaged) return noFlags;
  const flags: EventFlag[] = [];
  if (!line.terminated) flags.push('unterminated');
  if (damaged) flags.push('replaced_characters');
  return flags;
}

function parseWhole(bytes: Buffer): Json | null {
  try {
    const value: Json = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return false;
  }
  return true;
}

/** Without recursion: a hostile record may be a million levels deep. */
export function tooDeep(value: Json): boolean {
  let level: (readonly Json[])[] = [[value]];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const deeper: (readonly Json[])[] = [];
    for (const values of level) {
      for (const item of values) {
        if (typeof item !== 'object' || item === null) continue;
        deeper.push(Array.isArray(item) ? item : childrenOf(item));
      }
    }
    level = deeper;
  }
  return false;
}

function childrenOf(item: Json): readonly Json[] {
  const children: Json[] = [];
  if (!isObject(item)) return children;
  for (const key in item) {
    const child = item[key];
    if (typeof child === 'object' && child !== null) children.push(child);
  }
  return children;
}

function span(line: Line, start: number, lengthBytes: number, reason: string): QuarantinedSpan {
  return {
    line: line.number,
    offset: line.offset + start,
    lengthBytes,
    reason,
    head: Buffer.from(line.bytes.subarray(start, start + Math.min(lengthBytes, 200))),
  };
}

/** Whether bytes after the last line feed are one whole JSON object: such an object cannot be the beginning of a longer one. */
export function isWholeRecord(tail: Buffer): boolean {
  return tail.length <= MAX_LINE_BYTES && parseWhole(tail) !== null;
}
