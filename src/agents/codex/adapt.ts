import type { AgentEvent, Micros } from '../../core/event.ts';
import { asText } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { meta, unknown } from '../shared/events.ts';
import { canonical, digest } from '../shared/keys.ts';
import { mirror } from './answers.ts';
import { clientEvents } from './client.ts';
import { entriesOf, type Entry } from './entries.ts';
import { itemEvents } from './items.ts';
import { Lineage, type Owned } from './lineage.ts';
import { contentName, placeOf } from './locate.ts';
import { agentMessage } from './messages.ts';
import { openResults } from './results.ts';
import { openSource, type Source } from './source.ts';
import { Speeches, type Spoken } from './speech.ts';
import { bareThread, threadOf, type Thread } from './threads.ts';
import { compactionEvents, turnSettings } from './turn-events.ts';

/** How many entries are kept back at most while neither a session id nor a time has been seen. */
const MOST_WAITING = 1000;

/**
 * Records of one rollout in, events out: each entry is given to its thread, then it is decided what of "user" a person typed, then
 * it becomes events. What waits longer than its line waits for something that follows within the same turn.
 */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const opening: Opening = { waiting: [], id: null, firstTs: null };
  let reading: Reading | null = null;
  for (const record of records) {
    for (const entry of entriesOf(record)) {
      if (reading !== null) {
        yield* reading.take(entry);
        continue;
      }
      lookAt(entry, opening);
      if (!isKnown(opening, hint)) continue;
      reading = new Reading(opening, hint);
      for (const waiting of opening.waiting) yield* reading.take(waiting);
    }
  }
  if (reading === null) {
    reading = new Reading(opening, hint);
    for (const waiting of opening.waiting) yield* reading.take(waiting);
  }
  yield* reading.close();
}

/** The beginning of a source, before it is known whose it is and when it was. */
interface Opening {
  readonly waiting: Entry[];
  id: string | null;
  firstTs: Micros | null;
}

function lookAt(entry: Entry, opening: Opening): void {
  opening.waiting.push(entry);
  if (entry.type === 'session_meta') opening.id ??= asText(entry.payload['id']);
  opening.firstTs ??= entry.ts;
}

function isKnown({ id, firstTs, waiting }: Opening, hint: SourceHint): boolean {
  return ((id ?? hint.sessionId) !== null && firstTs !== null) || waiting.length >= MOST_WAITING;
}

function ownThread({ waiting, id }: Opening, hint: SourceHint): Thread {
  const head = waiting.find(({ type }) => type === 'session_meta');
  const unidentified = (): string => `unidentified-${digest(canonical(waiting[0]?.value)).slice(0, 8)}`;
  const known = id ?? hint.sessionId ?? unidentified();
  return head === undefined ? bareThread(known) : threadOf(head.payload, known);
}

class Reading {
  readonly #lineage: Lineage;
  readonly #speeches = new Speeches();
  readonly #source: Source;
  #last: Spoken | null = null;

  constructor(opening: Opening, hint: SourceHint) {
    this.#lineage = new Lineage(ownThread(opening, hint));
    this.#source = openSource(opening.firstTs);
  }

  *take(entry: Entry): Generator<AgentEvent> {
    for (const owned of this.#lineage.take(entry)) yield* this.#speak(owned);
  }

  *close(): Generator<AgentEvent> {
    for (const owned of this.#lineage.close()) yield* this.#speak(owned);
    for (const spoken of this.#speeches.close()) yield* this.#events(spoken);
    yield* openResults(this.#last, this.#source);
  }

  *#speak(owned: Owned): Generator<AgentEvent> {
    for (const spoken of this.#speeches.take(owned)) yield* this.#events(spoken);
  }

  #events(spoken: Spoken): readonly AgentEvent[] {
    const source = this.#source;
    // The folder of a copied turn is not that of the thread that goes on from it.
    if (this.#last !== null && this.#last.thread.id !== spoken.thread.id) source.cwd = null;
    const events = eventsOf(spoken, source);
    if (spoken.entry.ts !== null) source.lastTs = spoken.entry.ts;
    this.#last = spoken;
    return events;
  }
}

function eventsOf(spoken: Spoken, source: Source): readonly AgentEvent[] {
  const { type, value } = spoken.entry;
  switch (type) {
    case 'session_meta':
      return [sessionEvent(spoken, source)];
    case 'turn_context':
      return [turnSettings(spoken, source)];
    case 'response_item':
      return itemEvents(spoken, source);
    case 'event_msg':
      return clientEvents(spoken, source);
    case 'compacted':
      return compactionEvents(spoken, 'compacted', source);
    case 'inter_agent_communication':
      return [agentMessage(spoken, placeOf(spoken, contentName(spoken), source))];
    case 'world_state':
    case 'session_state':
    case 'inter_agent_communication_metadata':
    case 'record_state':
      return [mirror(spoken, source)];
    default:
      return [unknown(placeOf(spoken, contentName(spoken), source), 0, value)];
  }
}

/** The head of a thread names what it goes on from. */
function sessionEvent(spoken: Spoken, source: Source): AgentEvent {
  const { thread, entry } = spoken;
  const id = asText(entry.payload['id']) ?? thread.id;
  const place = placeOf(spoken, `session:${id}`, source);
  const origin = thread.id === id ? thread.origin : null;
  return origin === null ? meta(place, 'internal', 0, null) : meta(place, 'link', 0, `forked from session ${origin}`);
}
