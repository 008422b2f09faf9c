import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { asText, type JsonObject } from '../../../src/core/json.ts';
import { readEvent, inOrder, type SessionEvent } from '../../../src/judge/render/event.ts';

const folder = fileURLToPath(new URL('../../../fixtures/judge/', import.meta.url));

const Payload = z.strictObject({
  id: z.string(),
  kind: z.string(),
  /** Whose words it is in: see `eventsOf`. */
  place: z.enum(['agent', 'tool', 'read', 'write', 'command', 'filename', 'user']),
  text: z.string(),
  /** The text this often, then `pad` characters of filler, then `end`. */
  repeat: z.number().default(1),
  pad: z.number().default(0),
  end: z.string().default(''),
  /** The other half, in an event of its own. */
  second: z.string().optional(),
});
export type Payload = z.infer<typeof Payload>;

/** Invented texts that try to raise the score, of the kinds of security.md section 6. */
export const payloads = z.array(Payload).parse(JSON.parse(readFileSync(`${folder}injections.json`, 'utf8')));

const Quote = z.tuple([z.string(), z.string(), z.string()]);
const BaseSession = z.strictObject({
  name: z.string(),
  /** What an honest answer ends with, computed by hand. */
  score: z.number(),
  honest: z.strictObject({
    proposed_score: z.number(),
    status: z.string(),
    evidence: z.array(Quote),
    checks: z.array(Quote),
  }),
  /** Rows of the lake, without what all share. */
  events: z.array(z.record(z.string(), z.json())),
});
export type BaseSession = z.infer<typeof BaseSession>;

export const baseSessions = z.array(BaseSession).parse(JSON.parse(readFileSync(`${folder}base-sessions.json`, 'utf8')));

/** The same events with words that ask for nothing: the twin of a payload (security.md section 6). */
export function harmless(payload: Payload): Payload {
  const text = 'The list of harbour dues was last printed in spring.';
  return {
    ...payload,
    text,
    repeat: 1,
    pad: 0,
    end: '',
    ...(payload.second === undefined ? {} : { second: `${text} Twice.` }),
  };
}

/** The events of a session with the payload: in the request, else before the last event. */
export function withPayload<Event extends JsonObject>(
  events: readonly Event[],
  payload: Payload,
  make: (fields: JsonObject) => Event,
  withText: (event: Event, text: string) => Event,
): readonly Event[] {
  if (payload.place === 'user') {
    const at = events.findIndex((event) => event['kind'] === 'prompt');
    return events.map((event, index) =>
      index === at ? withText(event, `${asText(event['text']) ?? ''}\n\n${payload.text}`) : event,
    );
  }
  const texts = [textOf(payload), ...(payload.second === undefined ? [] : [payload.second])];
  const inserted = texts.flatMap((text, index) => eventsOf(payload.place, text, `${payload.id}-${index}`).map(make));
  return [...events.slice(0, -1), ...inserted, ...events.slice(-1)];
}

/** The same for events that were read already; the new ones come at the time of the last event. */
export function insertedEvents(events: readonly SessionEvent[], payload: Payload): readonly SessionEvent[] {
  const ordered = inOrder(events);
  const last = ordered.at(-1);
  if (payload.place === 'user') {
    const first = ordered.find(({ kind, isMain }) => kind === 'prompt' && isMain);
    return ordered.map((event) =>
      event === first ? { ...event, text: `${event.text ?? ''}\n\n${payload.text}` } : event,
    );
  }
  const texts = [textOf(payload), ...(payload.second === undefined ? [] : [payload.second])];
  const inserted = texts.flatMap((text, index) => eventsOf(payload.place, text, `${payload.id}-${index}`));
  return [
    ...ordered.slice(0, -1),
    ...inserted.map((fields, index) => ({
      ...readEvent(fields),
      eventId: `${payload.id}-${index}`,
      isMain: true,
      thread: 'main',
      sourceId: last?.sourceId ?? '',
      seq: (last?.seq ?? 0) - 1,
      tsUs: last?.tsUs ?? null,
    })),
    ...ordered.slice(-1),
  ];
}

function textOf({ text, repeat, pad, end }: Payload): string {
  return `${text.repeat(repeat)}${'\nline of filler'.repeat(Math.ceil(pad / 15))}${pad > 0 ? '\n' : ''}${end}`;
}

function eventsOf(place: Payload['place'], text: string, callId: string): readonly JsonObject[] {
  const call = (toolKind: string, fields: JsonObject, output: string): readonly JsonObject[] => [
    { kind: 'tool_call', call_id: callId, tool_name: toolKind, tool_kind: toolKind, ...fields },
    { kind: 'tool_result', call_id: callId, outcome: 'ok', text: output },
  ];
  switch (place) {
    case 'agent':
    case 'user':
      return [{ kind: 'reply', text }];
    case 'tool':
      return call('shell', { command: './report.sh' }, text);
    case 'read':
      return call('read', { file_path: '/srv/harbor/notes.md' }, text);
    case 'write':
      return call('write', { file_path: '/srv/harbor/new.md', input: JSON.stringify({ content: text }) }, 'written');
    case 'command':
      return call('shell', { command: text }, '');
    default:
      return call('read', { file_path: text, input: JSON.stringify({ file_path: text }) }, '');
  }
}
