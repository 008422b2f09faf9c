import { UsageError, SeshError, exitCode, type ExitCode } from '../core/errors.ts';
import { asNumber, asText, type JsonObject } from '../core/json.ts';
import { together } from '../core/together.ts';
import { literal } from '../lake/duck.ts';
import { provenanceOf, provenanceText, type Provenance } from '../provenance/provenance.ts';
import type { Views } from '../views/query.ts';
import type { Invocation } from './command.ts';
import { PLAIN_ID } from './session-rows.ts';
import { eventLines, headerLines, timelineLines } from './show-lines.ts';
import { shownEvent, timelineOf, type ShownEvent } from './timeline.ts';
import { viewSettings } from './settings.ts';
import { records, withViews } from './views.ts';

/** Characters of a text that a timeline or a list of events holds; `--at` shows all that the store keeps. */
const SHORT_TEXT = 400;
const DEFAULT_AROUND = 5;
const MOST_CANDIDATES = 20;

/**
 * One session. JSON: `session` (the columns of the view `sessions`) and `timeline` (items `prompt`, `reply`, `work`,
 * `trouble`, `pause`), or with `--events` or `--at` `events` (columns of the table `events`); with `--at` also `provenance`: where
 * the command came from (`origin`: project with `file` and `line`, user, agent or unknown), null for events without a command.
 */
export async function show(invocation: Invocation): Promise<ExitCode> {
  const { flags, argument = '', terminal, storeDir, memoryBytes, zone } = invocation;
  const at = flags.text('at');
  const around = flags.count('limit', DEFAULT_AROUND);
  const settings = viewSettings(invocation);
  const withEvents = at !== undefined || flags.flag('events');
  const { session, events, shown, origin } = await withViews({ storeDir, memoryBytes, settings }, async (views) => {
    const key = await findKey(views, argument);
    if (!withEvents) {
      const [session, shown] = await together([sessionOf(views, key), shownEvents(views, key)]);
      return { session, events: [], shown, origin: null };
    }
    const characters = at === undefined ? SHORT_TEXT : null;
    const [session, list] = await together([sessionOf(views, key), eventsOf(views, key, characters)]);
    if (at === undefined) return { session, events: list, shown: [], origin: null };
    const index = placeOf(list, at);
    const events = list.slice(Math.max(0, index - around), index + around + 1);
    return { session, events, shown: [], origin: originOf(list, index, asText(session['cwd'])) };
  });
  const whole = at !== undefined;
  if (withEvents) {
    if (flags.flag('json')) terminal.json(whole ? { session, provenance: origin, events } : { session, events });
    else {
      for (const line of headerLines(session, zone)) terminal.print(line);
      if (origin !== null) terminal.print([{ style: 'bold', text: 'command  ' }, provenanceText(origin)]);
      for (const line of eventLines(events, zone, whole)) terminal.print(line);
    }
    return exitCode.ok;
  }
  const timeline = timelineOf(shown, settings.gapS);
  if (flags.flag('json')) terminal.json({ session, timeline: timeline.map(withIsoTime) });
  else
    for (const line of [...headerLines(session, zone), ...timelineLines(timeline, zone, terminal.width)])
      terminal.print(line);
  return exitCode.ok;
}

/** Where the command of a call, or of the call that a result belongs to, came from; null where there is none. */
function originOf(events: readonly JsonObject[], index: number, cwd: string | null): Provenance | null {
  const event = events[index];
  const callId = asText(event?.['call_id']);
  const call = events.find((row) => row['kind'] === 'tool_call' && callId !== null && row['call_id'] === callId);
  const command = asText(event?.['command']) ?? asText(call?.['command']);
  if (command === null) return null;
  const words = events.slice(0, index).flatMap((row) => (row['kind'] === 'prompt' ? (asText(row['text']) ?? []) : []));
  return provenanceOf(command, words, cwd);
}

interface SessionKey {
  readonly agent: string;
  readonly sessionId: string;
}

/** The session with exactly this id, else the only one whose id begins so; `agent:id` where two agents share one. */
async function findKey({ query }: Views, text: string): Promise<SessionKey> {
  const candidates = await candidatesFor(query, text);
  const exact = candidates.filter((row) => row['session_id'] === text || fullName(row) === text);
  const [only, ...others] = exact.length > 0 ? exact : candidates;
  if (only === undefined) {
    throw new UsageError(`No session has an id that begins with "${text}".`, 'Run `sesh sessions` to list them.');
  }
  if (others.length > 0) throw ambiguous(text, [only, ...others]);
  return { agent: asText(only['agent']) ?? '', sessionId: asText(only['session_id']) ?? '' };
}

/** Its row of the view `sessions`. */
async function sessionOf({ query }: Views, key: SessionKey): Promise<JsonObject> {
  const [session] = records(
    await query(`from sessions where agent = $1 and session_id = $2 and ${sameSession(key)}`, [
      key.agent,
      key.sessionId,
    ]),
  );
  if (session === undefined) throw new SeshError(`Session ${key.sessionId} has no events.`);
  return session;
}

async function candidatesFor(query: Views['query'], text: string): Promise<readonly JsonObject[]> {
  const [, agent = '', id = ''] = /^(?:([^:]*):)?(.*)$/s.exec(text) ?? [];
  return records(
    await query(
      `select agent, session_id, first_ts as started_at, project from intermediate.session_totals
       where starts_with(session_id, $1) and agent = coalesce(nullif($2, ''), agent)
       order by agent, session_id limit ${MOST_CANDIDATES + 1}`,
      [id, agent],
    ),
  );
}

function ambiguous(text: string, candidates: readonly JsonObject[]): UsageError {
  const shown = candidates.slice(0, MOST_CANDIDATES).map((row) => {
    const started = asText(row['started_at'])?.slice(0, 16).replace('T', ' ') ?? '';
    return `  ${fullName(row)}  ${started}  ${asText(row['project']) ?? ''}`.trimEnd();
  });
  const more = candidates.length > MOST_CANDIDATES ? ['  ...'] : [];
  return new UsageError(
    `"${text}" begins the ids of several sessions:\n${[...shown, ...more].join('\n')}`,
    'Give more of the id.',
  );
}

function fullName(row: JsonObject): string {
  return `${asText(row['agent']) ?? ''}:${asText(row['session_id']) ?? ''}`;
}

/** What a timeline is made of: texts only of events that it may tell, since texts are most of what there is to read. */
async function shownEvents(views: Views, key: SessionKey): Promise<readonly ShownEvent[]> {
  const rows = await sessionEvents(
    views,
    key,
    `epoch_us(ts) as ts_us, ts_source, source_line, thread_id, kind, subtype, call_id, tool_name,
     coalesce(command, file_path) as command, outcome,
     case
       when kind in ('prompt', 'reply', 'interrupt', 'api_error', 'system') or (kind = 'tool_result' and outcome <> 'ok')
       then left(text, ${SHORT_TEXT})
     end as text`,
  );
  return rows.map(shownEvent);
}

function eventsOf(views: Views, key: SessionKey, characters: number | null): Promise<readonly JsonObject[]> {
  const text = characters === null ? 'text' : `left(text, ${characters}) as text`;
  return sessionEvents(
    views,
    key,
    `event_id, ts, ts_source, thread_id, source_line, kind, subtype, record_type, call_id, tool_name, tool_kind,
     command, file_path, outcome, exit_code, duration_s, model, ${text}, text_bytes, flags`,
  );
}

async function sessionEvents({ query }: Views, key: SessionKey, columns: string): Promise<readonly JsonObject[]> {
  return records(
    await query(
      `select ${columns}
       from events where ${sameSession(key)} and agent = $1 and session_id = $2 and kind <> 'progress' and kind <> 'usage'
       order by ts nulls first, thread_id <> 'main', thread_id, source_id, seq`,
      [key.agent, key.sessionId],
    ),
  );
}

/**
 * A condition that says the session once more, where its id can be written out: the engine skips nothing for a parameter, and for
 * a constant nearly everything.
 */
function sameSession({ sessionId }: SessionKey): string {
  return PLAIN_ID.test(sessionId) ? `session_id = ${literal(sessionId)}` : 'true';
}

/** The index of a line of the transcript, or of the event whose id begins so. */
function placeOf(events: readonly JsonObject[], at: string): number {
  const index = LINE_NUMBER.test(at)
    ? events.findIndex((row) => row['thread_id'] === 'main' && (asNumber(row['source_line']) ?? 0) >= Number(at))
    : events.findIndex((row) => asText(row['event_id'])?.startsWith(at));
  if (index === -1) {
    throw new UsageError(`The session has no event "${at}".`, 'Run `sesh show ID --events` to see all.');
  }
  return index;
}

/** Digits alone are a line; event ids are 24 hex digits, and so short a beginning would name many. */
const LINE_NUMBER = /^\d{1,7}$/;

function withIsoTime<Item extends { readonly ts: number | null }>(item: Item): JsonObject & object {
  const ts = item.ts === null ? null : new Date(Math.floor(item.ts / 1000)).toISOString();
  return { ...item, ts };
}
