import type { Micros } from '../core/event.ts';
import { asNumber, asText, type JsonObject } from '../core/json.ts';
import type { Window } from '../core/window.ts';
import type { QueryParameter, Views } from '../views/query.ts';
import { queryRows } from './render/query-rows.ts';

/** A session that nothing was added to for this long is over. */
const CLOSED_AFTER_MINUTES = 30;

export interface EligibleSession {
  readonly agent: string;
  readonly sessionId: string;
  readonly project: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Of the main thread. */
  readonly prompts: number;
  readonly toolCalls: number;
}

/** Why a session cannot be judged at all; it costs nothing. */
type NotApplicable = 'subagent' | 'no_prompt' | 'no_tool_call' | 'no_time';

export interface Selection {
  /** Newest first, at most `last`. */
  readonly sessions: readonly EligibleSession[];
  /** All that can be judged, `sessions` among them. */
  readonly eligible: number;
  /** Could be judged, but something happened less than 30 minutes ago. */
  readonly open: number;
  readonly notApplicable: Readonly<Record<NotApplicable, number>>;
}

export interface SelectOptions {
  readonly window?: Window;
  /** Only these sessions; they are looked for in the window, too. */
  readonly ids?: readonly string[];
  /** Null: all. */
  readonly last: number | null;
  readonly now: Micros;
}

/** The sessions that a judge can judge now, and how many it cannot, with why. */
export async function eligibleSessions(views: Pick<Views, 'query'>, options: SelectOptions): Promise<Selection> {
  const rows = (await queryRows(views, SELECT, parametersOf(options))).map(readCandidate);
  const closed = rows.filter((row) => row.state === 'closed').map(({ session }) => session);
  const count = (state: State): number => rows.filter((row) => row.state === state).length;
  return {
    sessions: options.last === null ? closed : closed.slice(0, options.last),
    eligible: closed.length,
    open: count('open'),
    notApplicable: {
      subagent: count('subagent'),
      no_prompt: count('no_prompt'),
      no_tool_call: count('no_tool_call'),
      no_time: count('no_time'),
    },
  };
}

type State = NotApplicable | 'open' | 'closed';

/** Sessions without a time lie in no window, so they are counted only where none is asked for. */
const SELECT = `
  select
    agent, session_id, project, started_at, ended_at, prompts, tool_calls,
    coalesce(not_applicable, if(epoch_us(ended_at) > $3::bigint, 'open', 'closed')) as state
  from judge_candidates
  where
    in_ids(session_id, $4::varchar)
    and case
      when $5::boolean then in_window(started_at, make_timestamptz($1::bigint), make_timestamptz($2::bigint))
      else
        ($1::bigint is null or epoch_us(ended_at) >= $1::bigint)
        and ($2::bigint is null or epoch_us(started_at) < $2::bigint)
    end
  order by ended_at desc nulls last, agent, session_id`;

function parametersOf({ window, ids, now }: SelectOptions): readonly QueryParameter[] {
  return [
    window?.since ?? null,
    window?.until ?? null,
    now - CLOSED_AFTER_MINUTES * 60_000_000,
    ids === undefined ? null : `\n${ids.join('\n')}\n`,
    window?.anchor === 'start',
  ];
}

function readCandidate(row: JsonObject): { readonly state: State; readonly session: EligibleSession } {
  return {
    state: stateOf(asText(row['state'])),
    session: {
      agent: asText(row['agent']) ?? '',
      sessionId: asText(row['session_id']) ?? '',
      project: asText(row['project']),
      startedAt: asText(row['started_at']) ?? '',
      endedAt: asText(row['ended_at']) ?? '',
      prompts: asNumber(row['prompts']) ?? 0,
      toolCalls: asNumber(row['tool_calls']) ?? 0,
    },
  };
}

function stateOf(text: string | null): State {
  switch (text) {
    case 'subagent':
    case 'no_prompt':
    case 'no_tool_call':
    case 'no_time':
    case 'open':
      return text;
    default:
      return 'closed';
  }
}
