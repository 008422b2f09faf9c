import type { AgentEvent } from '../../core/event.ts';
import { meta, toolResult } from '../shared/events.ts';
import type { Owned } from './lineage.ts';
import { callName, contentName, placeOf } from './locate.ts';
import type { ResultFields, Source } from './source.ts';

/** The result of a call; a second one of the same call says nothing new. */
export function resultEvent(
  owned: Owned,
  callId: string,
  text: string,
  fields: ResultFields,
  source: Source,
): AgentEvent {
  if (source.answered.has(callId)) return mirror(owned, source);
  source.answered.add(callId);
  const place = placeOf(owned, callName(owned, 'result', callId), source);
  return toolResult(place, 0, text, { callId, ...fields });
}

/** An entry that repeats what another one says. */
export function mirror(owned: Owned, source: Source): AgentEvent {
  return meta(placeOf(owned, contentName(owned), source), 'internal', 0, null);
}
