import type { PartQuestion, Passage, PreparedSession } from '../contract.ts';
import { factsBlock, readFacts, type Facts } from '../facts.ts';
import { estimatedTokens } from '../render/budget.ts';
import { readEvent, type SessionEvent } from '../render/event.ts';
import { queryRows } from '../render/query-rows.ts';
import { rendererVersion, renderTranscript, TRANSCRIPT_TOKENS, type Rendered } from '../render/render.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import type { QueryParameter, Views } from '../../views/query.ts';
import { answerChecker } from '../verdict/check.ts';
import { partChecker } from '../verdict/part.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { partMessage, prompt, userMessage } from './prompt.ts';

export interface SessionToPrepare {
  readonly agent: string;
  readonly sessionId: string;
  readonly project: string | null;
}

export interface PrepareOptions {
  readonly redactionKey: Uint8Array;
  /** False for a reader who takes one prompt a session: what does not fit is left out. */
  readonly inParts?: boolean;
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
): Promise<PreparedSession> {
  return prepare(session, await readSession(views, session), options);
}

/** Makes a session ready to be judged; the same data and key give the same bytes anywhere. */
export async function prepare(
  session: SessionToPrepare,
  data: SessionData,
  options: PrepareOptions & { readonly budget?: number },
): Promise<PreparedSession> {
  const { redactionKey, inParts = true, budget = TRANSCRIPT_TOKENS } = options;
  const { events, facts, models } = data;
  const rendered = await renderTranscript(events, { redactionKey, ownModels: models, budget });
  const shorter = async (): Promise<PreparedSession | null> => {
    if (budget <= LEAST_TOKENS) return null;
    const next = await prepare(session, data, { ...options, budget: Math.floor(budget / 2) });
    return next.hashes.rendered === prepared.hashes.rendered ? await next.shorter() : next;
  };
  const scored = ({ text: transcript, flags, events: shown }: Rendered): PreparedSession => {
    const { text: user, hashes } = userMessage(factsBlock(facts), transcript);
    return {
      ...session,
      system: prompt.system,
      user,
      schema: prompt.schema,
      hashes,
      rendererVersion,
      inputTokens: tokensOf(prompt.system, user, prompt.schema),
      flags,
      check: answerChecker({ facts, events: shown, redactionKey }),
      parts: null,
      shorter,
    };
  };
  const prepared = readInParts(session, scored, rendered, inParts);
  return prepared;
}

/** Half of the budget each time that a service says that it is too much, but not less. */
const LEAST_TOKENS = 4000;

function readInParts(
  session: SessionToPrepare,
  scored: (rendered: Rendered) => PreparedSession,
  rendered: Rendered,
  inParts: boolean,
): PreparedSession {
  const atOnce = scored(rendered);
  if (rendered.parts === null || !inParts) return atOnce;
  const { parts, selected } = rendered.parts;
  // What the readers will point at is not known yet, and their answers are no part of the question.
  const hashes = { ...atOnce.hashes, rendered: sha256(canonicalJson(parts.map(({ text }) => text))) };
  return {
    ...atOnce,
    hashes,
    flags: ['in_parts'],
    parts: {
      questions: parts.map((part) => partQuestion(session, part)),
      whole: (passages) => {
        const unread = passages.includes(null) ? ['part_unread'] : [];
        const whole = scored(selected(excerptsOf(passages)));
        return { ...whole, hashes, flags: [...whole.flags, ...unread] };
      },
    },
  };
}

function partQuestion({ agent, sessionId }: SessionToPrepare, { text, events }: Rendered): PartQuestion {
  const { text: user, hashes } = partMessage(text);
  return {
    agent,
    sessionId,
    system: prompt.partSystem,
    user,
    schema: prompt.partSchema,
    hashes,
    rendererVersion,
    inputTokens: tokensOf(prompt.partSystem, user, prompt.partSchema),
    check: partChecker(events),
  };
}

/** Services count the form of the answer as input, too. */
function tokensOf(system: string, user: string, schema: JsonObject): number {
  return estimatedTokens(system) + estimatedTokens(user) + estimatedTokens(JSON.stringify(schema));
}

function excerptsOf(passages: readonly (readonly Passage[] | null)[]): ReadonlyMap<string, readonly string[]> {
  const excerpts = new Map<string, readonly string[]>();
  for (const { alias, quote } of passages.flatMap((part) => part ?? [])) {
    const before = excerpts.get(alias) ?? [];
    if (!before.includes(quote)) excerpts.set(alias, [...before, quote]);
  }
  return excerpts;
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
