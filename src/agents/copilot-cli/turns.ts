import type { AgentEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { meta, system } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { beganAt, begins } from './spans.ts';
import type { Source } from './source.ts';

/** A turn is one answer of the model with the tools that it called. */
export function turnStart(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  begins(source, turnKey(place, data), place, null);
  return [meta(place, 'internal', 0, null)];
}

export function turnEnd(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const { durationS } = beganAt(source, turnKey(place, data), place);
  return [system(place, 0, null, { subtype: 'turn_end', durationS })];
}

function turnKey(place: Place, data: JsonObject): string {
  return `turn:${place.threadId}:${textField(place.flags, data['turnId']) ?? ''}`;
}
