import type { AgentEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { notice } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** `explore started`; its tokens are those of its messages and are not counted again. */
export function subAgentNotice(place: Place, data: JsonObject): readonly AgentEvent[] {
  const name = textField(place.flags, data['agentDisplayName']) ?? textField(place.flags, data['agentName']);
  const error = textField(place.flags, data['error']);
  const happened = `${name ?? 'sub-agent'} ${place.recordType.slice('subagent.'.length)}`;
  return [notice(place, 0, error === null ? happened : `${happened}: ${error}`)];
}
