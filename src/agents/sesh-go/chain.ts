import type { AgentEvent } from '../../core/event.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { SourceHint } from '../agent.ts';
import { meta } from '../shared/events.ts';
import { countField, textField } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { momentField, placeOf, sessionOf } from './locate.ts';

/**
 * A handoff, as the chain's log tells it. It belongs to the session that ends: the brief is written from its transcript, while its
 * window is open. The tokens of the brief stand in the text only: a sum of them would be taken for those of the session.
 */
export function handoffEvents(record: SourceRecord, value: JsonObject, hint: SourceHint): AgentEvent[] {
  const flags = [...record.flags];
  const session = sessionOf(value['from']) ?? hint.sessionId ?? `unidentified-${digest(canonical(value)).slice(0, 8)}`;
  const heir = textField(flags, value['to']);
  const key = `handoff:${session}:${heir ?? digest(canonical(value))}`;
  const ts = momentField(flags, value['time']);
  const place = placeOf(record, { key, session, recordType: 'handoff', ts, own: true, flags });
  const brief = ['brief_in', 'brief_out', 'cached_in'].flatMap((name) => {
    const count = countField(flags, value[name]);
    return count === null ? [] : [`${name} ${count}`];
  });
  const told = [
    `handed off to session ${heir ?? 'unknown'}`,
    asText(value['entry']),
    brief.length === 0 ? null : `tokens of the brief alone: ${brief.join(', ')}`,
  ];
  return [meta(place, 'link', 0, told.filter((line) => line !== null).join('\n'))];
}
