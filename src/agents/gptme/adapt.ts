import type { AgentEvent, Micros } from '../../core/event.ts';
import { sessionId } from '../../core/ids.ts';
import { isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { canonical, digest } from '../shared/keys.ts';
import { configEvent } from './config.ts';
import { ownMoment } from './locate.ts';
import { messageEvents } from './messages.ts';
import { VIEW_THREAD } from './recognise.ts';
import { openSource, type Source } from './source.ts';

/** How many records are kept back at most while no time has been seen. */
const MOST_WAITING = 10_000;

/** Records of one conversation, branch or configuration in, events out. The first records wait for the first time in the file. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const waiting: SourceRecord[] = [];
  let source: Source | null = null;
  for (const record of records) {
    if (source !== null) {
      yield* eventsOf(record, hint, source);
      continue;
    }
    waiting.push(record);
    const firstTs = momentOf(record, zoneOf(hint));
    if (firstTs === null && waiting.length < MOST_WAITING) continue;
    source = open(hint, waiting, firstTs);
    for (const held of waiting) yield* eventsOf(held, hint, source);
  }
  if (source !== null) return;
  source = open(hint, waiting, null);
  for (const held of waiting) yield* eventsOf(held, hint, source);
}

function eventsOf(record: SourceRecord, hint: SourceHint, source: Source): AgentEvent[] {
  return hint.form === 'text' ? [configEvent(record, source)] : messageEvents(record, source);
}

function open(hint: SourceHint, waiting: readonly SourceRecord[], firstTs: Micros | null): Source {
  const session = hint.sessionId ?? `unidentified-${digest(canonical(waiting[0]?.value)).slice(0, 8)}`;
  return openSource({
    sessionId: sessionId(session),
    zone: zoneOf(hint),
    replay: hint.replay,
    view: hint.threadId === VIEW_THREAD,
    firstTs,
  });
}

function momentOf({ value }: SourceRecord, zone: string): Micros | null {
  return isObject(value) ? ownMoment(value, zone, []) : null;
}

function zoneOf(hint: SourceHint): string {
  return hint.zone ?? 'UTC';
}
