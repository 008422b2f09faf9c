import type { AgentEvent, Micros } from '../../core/event.ts';
import { sessionId } from '../../core/ids.ts';
import { isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { canonical, digest } from '../shared/keys.ts';
import { lineEvents } from './lines.ts';
import { momentField } from './locate.ts';
import { settingsEvents } from './settings.ts';
import { openSource, type Source, type Start } from './source.ts';
import { noStart, startOf } from './start.ts';

/** How many records are kept back at most while neither a session nor a time has been seen. */
const MOST_WAITING = 10_000;

/** Lines of a session or the settings beside it, events out. The first lines wait until session and time are known. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const opening: Opening = { hint, waiting: [], start: null, firstTs: null };
  let source: Source | null = null;
  for (const record of records) {
    if (source !== null) {
      yield* recordEvents(record, source, hint);
      continue;
    }
    lookAt(record, opening);
    if (!isKnown(opening)) continue;
    source = open(opening);
    for (const waiting of opening.waiting) yield* recordEvents(waiting, source, hint);
  }
  if (source !== null) return;
  source = open(opening);
  for (const waiting of opening.waiting) yield* recordEvents(waiting, source, hint);
}

function recordEvents(record: SourceRecord, source: Source, { form }: SourceHint): readonly AgentEvent[] {
  return form === 'document' ? settingsEvents(record, source) : lineEvents(record, source);
}

/** The beginning of a source, before it is known whose it is and when it was. */
interface Opening {
  readonly hint: SourceHint;
  readonly waiting: SourceRecord[];
  start: Start | null;
  firstTs: Micros | null;
}

function lookAt(record: SourceRecord, opening: Opening): void {
  opening.waiting.push(record);
  opening.start ??= startOf(record.value);
  if (isObject(record.value)) opening.firstTs ??= momentField([], record.value['timestamp']);
}

function isKnown({ hint, start, firstTs, waiting }: Opening): boolean {
  const named = start !== null || hint.sessionId !== null;
  return (named && firstTs !== null) || waiting.length >= MOST_WAITING;
}

function open({ hint, waiting, start, firstTs }: Opening): Source {
  const session = start?.id ?? hint.sessionId ?? unidentified(waiting);
  return openSource(sessionId(session), start ?? noStart, firstTs);
}

/** A stable id for a file that names no session anywhere: its first record's content. */
function unidentified(waiting: readonly SourceRecord[]): string {
  return `unidentified-${digest(canonical(waiting[0]?.value ?? null)).slice(0, 8)}`;
}
