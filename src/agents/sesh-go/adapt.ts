import type { AgentEvent } from '../../core/event.ts';
import { isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { unknown } from '../shared/events.ts';
import { canonical, digest, Occurrences } from '../shared/keys.ts';
import { handoffEvents } from './chain.ts';
import { placeOf } from './locate.ts';
import { sessionEvents } from './session.ts';

/** A session's document, or the lines of a chain's log, told apart by their fields. */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const occurrences = new Occurrences();
  for (const record of records) {
    const { value } = record;
    if (isObject(value) && 'turns' in value) yield* sessionEvents(record, value, hint);
    else if (isObject(value) && ('from' in value || 'to' in value)) yield* handoffEvents(record, value, hint);
    else {
      const session = hint.sessionId ?? `unidentified-${digest(canonical(value)).slice(0, 8)}`;
      const key = occurrences.next(`unknown:${digest(`${session}\n${canonical(value)}`)}`);
      yield unknown(
        placeOf(record, { key, session, recordType: 'unknown', ts: null, own: false, flags: [...record.flags] }),
        0,
        value,
      );
    }
  }
}
