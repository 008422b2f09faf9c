import type { AgentEvent } from '../../core/event.ts';
import { sessionId } from '../../core/ids.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { canonical, digest, Occurrences } from '../shared/keys.ts';
import { CallIds } from './call-ids.ts';
import type { Session } from './locate.ts';
import { messageEvents } from './messages.ts';
import { remarkEvents } from './remarks.ts';
import { newReplay, replayRecord, type Replay } from './replay.ts';

/**
 * Records of one session in, events out. A message is written again whenever it changes, so only the end of the source
 * decides what it is: the messages are kept in their last version, and nothing else.
 */
export function* adapt(records: Iterable<SourceRecord>, hint: SourceHint): Generator<AgentEvent> {
  const replay = newReplay();
  for (const record of records) replayRecord(replay, record);
  const session = sessionOf(replay, hint);
  for (const entry of replay.entries) {
    yield* entry.kind === 'message' ? messageEvents(entry, session) : remarkEvents(entry, session);
  }
}

/** A path with a thread is a sub-agent's: its `sessionId` is the parent's, and the file's name its own. */
function sessionOf(replay: Replay, hint: SourceHint): Session {
  const isSubAgent = replay.isSubAgent || hint.threadId !== null;
  const own = replay.sessionId ?? hint.threadId ?? hint.sessionId ?? unidentified(replay);
  const parent = hint.threadId === null || hint.sessionId === own ? null : hint.sessionId;
  return {
    id: sessionId(own),
    parentId: parent === null ? null : sessionId(parent),
    isSubAgent,
    firstTs: replay.firstTs,
    callIds: new CallIds(),
    occurrences: new Occurrences(),
    titles: new Set(),
    afterModel: false,
  };
}

/** A stable id for a file that names no session anywhere: the content of its first record. */
function unidentified(replay: Replay): string {
  return `unidentified-${digest(canonical(replay.entries[0]?.value)).slice(0, 8)}`;
}
