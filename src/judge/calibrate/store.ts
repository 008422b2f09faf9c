import { asNumber, asText, type JsonObject } from '../../core/json.ts';
import { boundText } from '../../core/text.ts';
import type { Score } from '../contract.ts';
import type { QueryParameter, Views } from '../../views/query.ts';
import type { SessionText } from './label/dialogue.ts';
import type { Candidate } from './label/sample.ts';
import type { VerdictRow } from './verdicts.ts';

type Query = Views['query'];

/** Current verdicts of the view `judgments`, with the lengths of their sessions. */
export async function verdictRows(query: Query): Promise<readonly VerdictRow[]> {
  const rows = await records(
    query,
    `with lengths as (select agent, session_id, tool_calls from intermediate.session_figures_in(null, null, 'activity', null))
     select agent, session_id, score, concat_ws(' ', model, judge_version) as judge_version, judged_at, tool_calls,
       quotes, quotes_verified, samples, scored_samples, lowest_score, highest_score
     from judgments left join lengths using (agent, session_id)`,
  );
  return rows.map((row) => ({
    agent: asText(row['agent']) ?? '',
    sessionId: asText(row['session_id']) ?? '',
    score: asScore(asNumber(row['score'])),
    judgeVersion: asText(row['judge_version']) ?? '',
    judgedAt: asText(row['judged_at']) ?? '',
    toolCalls: asNumber(row['tool_calls']),
    quotes: { all: asNumber(row['quotes']) ?? 0, verified: asNumber(row['quotes_verified']) ?? 0 },
    samples: samplesOf(row),
  }));
}

function samplesOf(row: JsonObject): VerdictRow['samples'] {
  const [asked, scored] = [asNumber(row['samples']) ?? 0, asNumber(row['scored_samples']) ?? 0];
  const areEqual = scored === 0 || (scored === asked && row['lowest_score'] === row['highest_score']);
  return { asked, areEqual };
}

/** Sessions with a request and a tool call in which nothing happened for `idleMs`, with what the judge said of each. */
export async function candidates(query: Query, nowMs: number, idleMs: number): Promise<readonly Candidate[]> {
  const rows = await records(
    query,
    `with sessions as (
       select agent, session_id, ended_at, tool_calls from intermediate.session_figures_in(null, null, 'activity', null)
       where prompts > 0 and tool_calls > 0 and not is_subagent
     )
     select agent, session_id, ended_at, tool_calls, judgments.session_id is not null as judged, judgments.score
     from sessions left join judgments using (agent, session_id)`,
  );
  return rows
    .filter((row) => nowMs - Date.parse(asText(row['ended_at']) ?? '1970-01-01') >= idleMs)
    .map((row) => ({
      agent: asText(row['agent']) ?? '',
      sessionId: asText(row['session_id']) ?? '',
      verdict: row['judged'] === true ? String(asNumber(row['score'])) : 'unjudged',
      toolCalls: asNumber(row['tool_calls']),
    }));
}

/** Events that tell how a session ended, and how much of each is shown. */
const LAST_EVENTS = 15;
const EVENT_TEXT = { head: 500, tail: 1500 };

/** Requests of the user, whole, and the last events, of which long outputs lose their middle. */
export function sessionText(query: Query): SessionText {
  const order = 'ts nulls first, source_id, seq';
  return async ({ agent, sessionId }) => {
    const prompts = await records(
      query,
      `select text from events where agent = $1 and session_id = $2 and kind = 'prompt' and thread_id = 'main' order by ${order}`,
      [agent, sessionId],
    );
    const events = await records(
      query,
      `select kind, subtype, tool_name, command, file_path, outcome, exit_code, text from events
       where agent = $1 and session_id = $2 and thread_id = 'main'
         and kind in ('prompt', 'reply', 'tool_call', 'tool_result', 'interrupt', 'api_error')
       order by ${order}`,
      [agent, sessionId],
    );
    return {
      prompts: prompts.map((row) => asText(row['text']) ?? ''),
      ending: events.slice(-LAST_EVENTS).map(eventText).join('\n\n'),
    };
  };
}

function eventText(row: JsonObject): string {
  const exit = asNumber(row['exit_code']);
  const names = [row['kind'], row['subtype'], row['tool_name'], row['outcome']].map((value) => asText(value));
  const heading = [...names, exit === null ? null : `exit code ${exit}`]
    .filter((name) => name !== null)
    .join(' \u00b7 ');
  const call = asText(row['command']) ?? asText(row['file_path']);
  const text = asText(row['text']);
  const parts = [heading, call === null ? null : `$ ${call}`, text === null ? null : boundText(text, EVENT_TEXT)];
  return parts.filter((part) => part !== null).join('\n');
}

function asScore(value: number | null): Score | null {
  switch (value) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
      return value;
    default:
      return null;
  }
}

async function records(
  query: Query,
  sql: string,
  parameters: readonly QueryParameter[] = [],
): Promise<readonly JsonObject[]> {
  const { columns, rows } = await query(sql, parameters);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}
