import type { AgentEvent } from '../../core/event.ts';
import { asText, isObject, type Json } from '../../core/json.ts';
import { meta, unknown } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { placeOf, type Session } from './locate.ts';
import type { Remark } from './replay.ts';

/** Headers, updates and rewinds of the log, and what nobody has seen yet. */
export function remarkEvents(remark: Remark, session: Session): readonly AgentEvent[] {
  switch (remark.kind) {
    case 'header':
      return [...titleEvents(remark, session, 'session'), markEvent(remark, session, 'session', 'session', null)];
    case 'update':
      return updateEvents(remark, session);
    case 'rewind':
      return [rewindEvent(remark, session)];
    default:
      return [unknownEvent(remark, session)];
  }
}

function updateEvents(remark: Remark, session: Session): readonly AgentEvent[] {
  const titles = titleEvents(remark, session, '$set');
  if (titles.length > 0) return titles;
  return [markEvent(remark, session, `set:${digest(canonical(remark.value))}`, '$set', null)];
}

function rewindEvent(remark: Remark, session: Session): AgentEvent {
  const target = isObject(remark.value) ? textField(remark.spot.flags, remark.value['$rewindTo']) : null;
  return markEvent(
    remark,
    session,
    `rewind:${target ?? ''}`,
    '$rewindTo',
    target === null ? null : `Rewound to ${target}`,
  );
}

function unknownEvent({ spot, value }: Remark, session: Session): AgentEvent {
  const key = session.occurrences.next(`unknown:${digest(canonical(value))}`);
  return unknown(placeOf(session, spot, key, typeOf(value)), 0, value);
}

function typeOf(value: Json): string {
  return (isObject(value) ? asText(value['type']) : null) ?? 'untyped';
}

/** The title that the model gave to the session; it is written again with every header. */
function titleEvents({ spot, value }: Remark, session: Session, recordType: string): AgentEvent[] {
  const title = isObject(value) ? textField(spot.flags, value['summary']) : null;
  if (title === null || session.titles.has(title)) return [];
  session.titles.add(title);
  return [meta(placeOf(session, spot, `title:${digest(title)}`, recordType), 'title_summary', 0, title)];
}

function markEvent(remark: Remark, session: Session, key: string, recordType: string, text: string | null): AgentEvent {
  const unique = session.occurrences.next(key);
  return meta(placeOf(session, remark.spot, unique, recordType), 'internal', 0, text);
}
