import type { SourceHint } from '../../agent.ts';
import type { AgentEvent } from '../../../core/event.ts';
import type { SourceRecord } from '../../../core/record.ts';
import { meta, unknown } from '../events.ts';
import { canonical, digest } from '../keys.ts';
import { messageEvents } from './message.ts';
import { readStore } from './read.ts';
import { sessionEvents } from './session.ts';
import { openSource, sessionPlace, type Source } from './source.ts';
import type { Stray } from './store.ts';

/** Events of one session, whichever of the three containers it comes from. */
export function* adaptStore(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const store = readStore(records);
  const source = openSource(store, hint);
  if (store.session !== null) yield* sessionEvents(store.session, source);
  for (const message of store.messages) yield* messageEvents(message, source);
  for (const stray of store.strays) {
    yield unknown(strayPlace(stray, source), 0, stray.value);
  }
  for (const stray of store.repeated) {
    yield meta(strayPlace(stray, source), 'internal', 'repeated', null);
  }
}

function strayPlace({ at, recordType, value }: Stray, source: Source): ReturnType<typeof sessionPlace> {
  const key = `${source.sessionId}:${recordType}:${digest(canonical(value))}`;
  return sessionPlace(source, at, recordType, source.others.next(key));
}
