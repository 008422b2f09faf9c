import type { SourceForm } from '../agents/agent.ts';
import type { SourceRecord } from '../core/record.ts';
import { openSource, UnreadableSource, type OpenSource } from '../read/source-file.ts';
import { newReadSink } from '../read/records.ts';
import { packingOf } from '../read/unpack.ts';
import { isWhole, readRecords, sniffedForm } from '../read/whole.ts';

const HEAD_BYTES = 256 * 1024;
/** A larger document is only read when its path says whose it is. */
const MOST_DOCUMENT_BYTES = 64 * 1024 * 1024;
const RECORDS = 8;

/** The beginning of a file whose path does not tell whose it is. */
export interface Head {
  readonly form: SourceForm;
  /** The first few records, the one record of a document; none when it cannot be read or holds no records near its beginning. */
  readonly records: readonly SourceRecord[];
}

/** How a file with this name would be read; null for names that no transcript has. */
function formOfName(name: string): SourceForm | null {
  const bare = name.replace(/\.(?:gz|zst|zstd)$/, '');
  if (bare.endsWith('.jsonl')) return 'lines';
  return bare.endsWith('.json') ? 'document' : null;
}

/** Looks at the beginning of a file; null when its name is none of a transcript. Throws UnreadableSource. */
export function lookInto(path: string): Head | null {
  const form = formOfName(path);
  if (form === null) return null;
  const source = openSource(path);
  try {
    return headOf(source, path, form);
  } finally {
    source.close();
  }
}

function headOf(source: OpenSource, path: string, named: SourceForm): Head {
  const { sizeBytes } = source.identity;
  const head = source.read(0, Math.min(sizeBytes, HEAD_BYTES));
  const whole = isWhole(path, named, head);
  const form = sniffedForm(path, named, head);
  if (whole && sizeBytes > MOST_DOCUMENT_BYTES) {
    refusePacked(path, 'unpacks_too_large');
    return { form, records: [] };
  }
  const bytes = whole ? source.read(0, sizeBytes) : head;
  const records: SourceRecord[] = [];
  const sink = newReadSink();
  for (const record of readRecords([bytes], path, form, sink)) {
    records.push(record);
    if (records.length === RECORDS) break;
  }
  const [span] = sink.quarantine;
  if (records.length === 0 && span !== undefined) refusePacked(path, span.reason);
  return { form, records };
}

/** What is packed under a transcript's name and cannot be unpacked may be a transcript, and nobody can say whose: it is told, not left out. */
function refusePacked(path: string, reason: string): void {
  if (packingOf(path) === null) return;
  if (reason === 'damaged_archive') throw new UnreadableSource(`${path} is packed, and is damaged or was cut off.`);
  if (reason === 'unpacks_too_large') throw new UnreadableSource(`${path} is packed, and too large to be looked into.`);
}
