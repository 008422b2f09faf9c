import type { Adapter, SourceHint } from '../agents/agent.ts';
import type { Micros } from '../core/event.ts';
import { projectOf } from '../core/project.ts';
import { newReadSink } from '../read/records.ts';
import { readRecords } from '../read/whole.ts';
import type { Derived, TimeRange } from './job.ts';
import type { EventRows, RowSource } from './rows.ts';

export interface DeriveOptions {
  readonly adapt: Adapter;
  readonly hint: SourceHint;
  /** Name of the file, which tells how it is packed. */
  readonly name: string;
  readonly range: TimeRange;
  /** Where the rows go; null when only the times are wanted. */
  readonly rows: EventRows | null;
  readonly source: RowSource;
}

/** The bytes of one source become rows; everything it says about itself is counted on the way. */
export function derive(chunks: Iterable<Buffer>, options: DeriveOptions): Derived {
  const sink = newReadSink();
  const unknown = new Map<string, number>();
  let events = 0;
  let sessionId: string | null = null;
  let project: string | null = null;
  let firstTs: Micros | null = null;
  let lastTs: Micros | null = null;
  let activeInRange = false;
  const { adapt, hint, name } = options;
  for (const event of adapt(readRecords(chunks, name, hint.form, sink), hint)) {
    sessionId ??= event.sessionId;
    project ??= projectOf(event.cwd);
    if (event.kind === 'unknown') unknown.set(event.recordType, (unknown.get(event.recordType) ?? 0) + 1);
    if (event.ts !== null && event.tsSource === 'event') {
      if (firstTs === null || event.ts < firstTs) firstTs = event.ts;
      if (lastTs === null || event.ts > lastTs) lastTs = event.ts;
      activeInRange ||= isInside(event.ts, options.range);
    }
    options.rows?.add(event, events, options.source, project);
    events += 1;
  }
  const { counts } = sink;
  const quarantine = sink.quarantine.map((span) => ({ ...span, head: shownHead(span.head, options.source) }));
  return { counts, quarantine, events, unknown, sessionId, project, firstTs, lastTs, activeInRange };
}

/** Bytes of a quarantined span that are kept. */
const KEPT_BYTES = 200;

/** Bytes are looked at one by one: what could not be read need not be text. */
function shownHead(head: Buffer, { secrets }: RowSource): Buffer {
  const text = head.toString('latin1');
  const shown = secrets.bounded(text, { head: KEPT_BYTES, tail: 0 });
  return shown === text ? head.subarray(0, KEPT_BYTES) : Buffer.from(shown, 'latin1').subarray(0, KEPT_BYTES);
}

function isInside(ts: Micros, range: TimeRange): boolean {
  return (range.since === null || ts >= range.since) && (range.until === null || ts < range.until);
}
