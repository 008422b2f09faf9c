import type { PreparedSession } from '../contract.ts';
import { factsBlock, readFacts, type Facts } from '../facts.ts';
import { estimatedTokens } from '../render/budget.ts';
import type { Chunk } from '../render/chunks.ts';
import { readEvent, type SessionEvent } from '../render/event.ts';
import { queryRows } from '../render/query-rows.ts';
import { rendererVersion, renderTranscript } from '../render/render.ts';
import { asText } from '../../core/json.ts';
import type { QueryParameter, Views } from '../../views/query.ts';
import { answerChecker } from '../verdict/check.ts';
import { prompt, userMessage } from './prompt.ts';

export interface SessionToPrepare {
  readonly agent: string;
  readonly sessionId: string;
  readonly project: string | null;
}

export interface PrepareOptions {
  readonly redactionKey: Uint8Array;
}

/** A prepared session with what is only told, not asked. */
export interface PreparedTranscript extends PreparedSession {
  /**
   * How the transcript was made to fit: `results_600`, `results_200`, `reading_left_out`, `events_left_out`, `smallest`,
   * `over_budget`. Empty for nearly all sessions.
   */
  readonly flags: readonly string[];
  /** The parts in which a reader of everything would have to read it; empty unless more than reading is left out. */
  readonly chunks: readonly Chunk[];
}

/** What a session is before it is rendered: all that the store knows of it and its sub-agents. */
export interface SessionData {
  readonly events: readonly SessionEvent[];
  readonly facts: Facts;
  /** Models that answered in it, as written. */
  readonly models: readonly string[];
}

/** Reads a session from the store and makes it ready to be judged. */
export async function prepareSession(
  views: Pick<Views, 'query'>,
  session: SessionToPrepare,
  options: PrepareOptions,
): Promise<PreparedTranscript> {
  return prepare(session, await readSession(views, session), options);
}

/** Makes a session ready to be judged; the same data and key give the same bytes anywhere. */
export async function prepare(
  session: SessionToPrepare,
  { events, facts, models }: SessionData,
  { redactionKey }: PrepareOptions,
): Promise<PreparedTranscript> {
  const rendered = await renderTranscript(events, { redactionKey, ownModels: models });
  const { text: user, hashes } = userMessage(factsBlock(facts), rendered.text);
  return {
    agent: session.agent,
    sessionId: session.sessionId,
    project: session.project,
    system: prompt.system,
    user,
    schema: prompt.schema,
    hashes,
    rendererVersion,
    inputTokens: estimatedTokens(prompt.system) + estimatedTokens(user),
    check: answerChecker({ facts, events: rendered.events, redactionKey }),
    flags: rendered.flags,
    chunks: rendered.chunks,
  };
}

/** Everything of a session that rendering and checking need. */
export async function readSession(views: Pick<Views, 'query'>, session: SessionToPrepare): Promise<SessionData> {
  const family = await queryRows(
    views,
    'select session_id from intermediate.judge_families where agent = $1 and root_session_id = $2',
    [session.agent, session.sessionId],
  );
  const ids = [session.sessionId, ...family.map((row) => asText(row['session_id']) ?? '')];
  const named = `\n${ids.join('\n')}\n`;
  const own: readonly QueryParameter[] = [session.agent, session.sessionId, named];
  const events = await queryRows(
    views,
    'from intermediate.judge_events_of($3::varchar) where agent = $1 and root_session_id = $2',
    own,
  );
  const [facts = null] = await queryRows(
    views,
    'from intermediate.judge_facts_of($3::varchar) where agent = $1 and session_id = $2',
    own,
  );
  const models = await queryRows(
    views,
    "select distinct model from events where kind = 'usage' and agent = $1 and in_ids(session_id, $2::varchar)",
    [session.agent, named],
  );
  return {
    events: events.map(readEvent),
    facts: readFacts(facts),
    models: models.flatMap((row) => asText(row['model']) ?? []),
  };
}
