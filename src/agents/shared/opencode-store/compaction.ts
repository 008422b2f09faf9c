import type { AgentEvent } from '../../../core/event.ts';
import type { JsonObject } from '../../../core/json.ts';
import { system } from '../events.ts';
import type { Place } from '../place.ts';
import type { Source } from './source.ts';

/** A compaction that was asked for here; its summary is the next message of the agent that bears `summary`. */
export function compactionEvent(place: Place, block: string, value: JsonObject, source: Source): AgentEvent {
  source.compacting = true;
  const cause = value['overflow'] === true ? 'overflow' : value['auto'] === true ? 'auto' : 'manual';
  return system(place, block, cause, { subtype: 'compaction', durationS: null });
}
