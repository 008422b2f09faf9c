import type { SourceRecord } from '../core/record.ts';
import { UnreadableSource, openSource } from '../read/source-file.ts';
import { splitLines } from '../read/lines.ts';
import { newReadSink, parseRecords } from '../read/records.ts';

const HEAD_BYTES = 256 * 1024;
const RECORDS = 8;

/** The first few records of a file; none when it cannot be read or holds no records near its beginning. */
export function firstRecords(path: string): readonly SourceRecord[] {
  try {
    const source = openSource(path);
    try {
      const head = source.read(0, Math.min(source.identity.sizeBytes, HEAD_BYTES));
      const records: SourceRecord[] = [];
      for (const record of parseRecords(splitLines([head]), newReadSink())) {
        records.push(record);
        if (records.length === RECORDS) break;
      }
      return records;
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof UnreadableSource) return [];
    throw error;
  }
}
