import type { AgentEvent, Micros } from '../../core/event.ts';
import { sessionId } from '../../core/ids.ts';
import { isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { canonical, digest } from '../shared/keys.ts';
import { entryEvents } from './entries.ts';
import { headerOf, noHeader } from './header.ts';
import { ownMoment } from './locate.ts';
import { openSource, type Header, type Source } from './source.ts';

/** How many records are kept back at most while neither a session nor a time has been seen. */
const MOST_WAITING = 10_000;

/** Records of one session file in, events out. The first ones wait until session and time are known: mostly for no other record. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const opening: Opening = { hint, waiting: [], header: null, firstTs: null };
  let source: Source | null = null;
  for (const record of records) {
    if (source !== null) {
      yield* entryEvents(record, source);
      continue;
    }
    lookAt(record, opening);
    if (!isKnown(opening)) continue;
    source = open(opening);
    for (const waiting of opening.waiting) yield* entryEvents(waiting, source);
  }
  if (source !== null) return;
  source = open(opening);
  for (const waiting of opening.waiting) yield* entryEvents(waiting, source);
}

/** The beginning of a source, before it is known whose it is and when it was. */
interface Opening {
  readonly hint: SourceHint;
  readonly waiting: SourceRecord[];
  header: Header | null;
  firstTs: Micros | null;
}

function lookAt(record: SourceRecord, opening: Opening): void {
  opening.waiting.push(record);
  opening.header ??= headerOf(record.value);
  if (isObject(record.value)) opening.firstTs ??= ownMoment(record.value, []);
}

function isKnown({ hint, header, firstTs, waiting }: Opening): boolean {
  const named = header !== null || hint.sessionId !== null;
  return (named && firstTs !== null) || waiting.length >= MOST_WAITING;
}

function open({ hint, waiting, header, firstTs }: Opening): Source {
  const session = header?.id ?? hint.sessionId ?? unidentified(waiting);
  return openSource(sessionId(session), header ?? noHeader, firstTs);
}

/** A stable id for a file that names no session anywhere: its first record's content. */
function unidentified(waiting: readonly SourceRecord[]): string {
  return `unidentified-${digest(canonical(waiting[0]?.value ?? null)).slice(0, 8)}`;
}
