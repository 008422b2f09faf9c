import type { AgentEvent } from '../../core/event.ts';
import { asObject, asText, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { meta } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { parsed } from './json-text.ts';
import { placeOf, textMoment } from './locate.ts';
import { uniqueSessionId } from './session-ids.ts';
import type { Source } from './source.ts';
import { noteTotal } from './usage.ts';

const SUB_AGENT = 'sub_agent';

/** Takes over what the first record says of the session: its messages come after it. */
export function noteSession(written: JsonObject, source: Source): void {
  source.sessionId = uniqueSessionId(source.nativeId, textMoment([], written['created_at']));
  source.sessionType = asText(written['session_type']);
  source.cwd = asText(written['working_dir']);
  source.model = asText(asObject(parsed(written['model_config_json']))?.['model_name']);
  const parent = asText(written['parent_session_id']);
  if (parent !== null && source.sessionType === SUB_AGENT) {
    source.parentSessionId = uniqueSessionId(parent, textMoment([], written['parent_created_at']));
  }
}

/** The session's name, its origin, and its sums, which wait for the end. */
export function sessionEvents(
  record: SourceRecord,
  written: JsonObject,
  recordType: string,
  source: Source,
): readonly AgentEvent[] {
  const flags = [...record.flags];
  const ts = textMoment(flags, written['created_at']);
  textField(flags, written['working_dir']);
  const place = placeOf(record, flags, source, { key: `session:${source.sessionId}`, recordType, ts });
  noteTotal(place, written, source);
  const events = [nameEvent(place, written)];
  const parent = textField(flags, written['parent_session_id']);
  if (parent !== null && source.parentSessionId === null) {
    events.push(meta(place, 'link', 'link', `continues session ${parent}`));
  }
  return events;
}

function nameEvent(place: Place, written: JsonObject): AgentEvent {
  const name = textField(place.flags, written['name']) ?? textField(place.flags, written['description']);
  if (name === null) return meta(place, 'internal', 0, null);
  return meta(place, isTrue(written['user_set_name']) ? 'title_custom' : 'title_ai', 0, name);
}

/** SQLite has no truth values: it keeps 1 and 0. */
function isTrue(value: Json | undefined): boolean {
  return value === true || value === 1;
}
