-- What each session is, from all its events, and what happened in it inside a window, from the events in the window.
-- With a window only of the sessions that lie partly in it.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.counted_events, intermediate.session_spans
-- parameters: since, until, ids
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   parent_session_id: the session that started this one
--   is_subagent: the session has a parent, or nothing on its main thread
--   user: the person, from the first event that names one
--   project: last part of the first working directory, from the first event that has one
--   cwd: working directory of the first event that has one
--   git_branch: git branch of the first event that has one
--   agent_version: version of the agent at the last event that names it
--   first_at: first event with a time of its own, in or out of the window
--   timed_events: events in the window with a time of their own
--   events: events in the window
--   prompts: prompts that a person typed
--   replies: events of kind reply: blocks of text that the agent wrote
--   responses: model responses; null when sums of them do not say how many
--   tool_calls: tool calls
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked; null when calls have no results,
--     as the agent marked them: a `grep` that found nothing is one, and is no friction
--   rejections: tool results with outcome rejected: a person said no
--   interrupts: interruptions by a person
--   models: models of the responses as written, sorted
--   input_tokens: uncached input tokens; null when no response tells
--   output_tokens: output tokens, reasoning included; null when no response tells
--   cache_read_tokens: input tokens read from the cache; null when no response tells
--   cache_write_5m_tokens: input tokens written to the 5-minute cache; null when no response tells
--   cache_write_1h_tokens: input tokens written to the 1-hour cache; null when no response tells
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
--   cost_unknown_responses: responses without a known price
with events as (from intermediate.counted_events),
spans as (from intermediate.session_spans),
cut as (
  select agent, session_id
  from spans
  where
    (since is null and until is null)
    or (
      (since is null or last_ts >= since)
      and (until is null or first_ts < until)
      and not is_whole_in(first_ts, last_ts, untimed_events, since, until)
    )
),
placed as (
  select
    *,
    in_window(ts, since, until) as inside,
    event_order(thread_id, ts, seq, source_id) as place
  from events
  semi join cut using (agent, session_id)
  where in_ids(session_id, ids)
)
select
  agent,
  session_id,
  arg_min(parent_session_id, place) as parent_session_id,
  count(parent_session_id) > 0 or count(*) filter (thread_id = 'main') = 0 as is_subagent,
  arg_min("user", place) as "user",
  arg_min(project, place) as project,
  arg_min(cwd, place) as cwd,
  arg_min(git_branch, place) as git_branch,
  arg_max(agent_version, place) as agent_version,
  min(ts) filter (ts_source = 'event') as first_at,
  count(*) filter (inside and ts_source = 'event') as timed_events,
  count(*) filter (inside) as events,
  count(*) filter (inside and kind = 'prompt') as prompts,
  count(*) filter (inside and kind = 'reply') as replies,
  case
    when count(*) filter (inside and kind = 'usage') = 0 then 0
    else cast(sum(responses_in(usage_grain, response_count)) filter (inside and kind = 'usage') as bigint)
  end as responses,
  count(*) filter (inside and kind = 'tool_call') as tool_calls,
  case
    when count(*) filter (inside and kind = 'tool_result') > 0 or count(*) filter (inside and kind = 'tool_call') = 0
    then count(*) filter (
      inside and kind = 'tool_result' and outcome in ('error', 'timeout', 'denied', 'hook_blocked')
    )
  end as tool_errors,
  count(*) filter (inside and kind = 'tool_result' and outcome = 'rejected') as rejections,
  count(*) filter (inside and kind = 'interrupt') as interrupts,
  coalesce(list_sort(list(distinct model) filter (inside and kind = 'usage' and model is not null)), []) as models,
  cast(sum(input_tokens) filter (inside and kind = 'usage') as bigint) as input_tokens,
  cast(sum(output_tokens) filter (inside and kind = 'usage') as bigint) as output_tokens,
  cast(sum(cache_read_tokens) filter (inside and kind = 'usage') as bigint) as cache_read_tokens,
  cast(sum(cache_write_5m_tokens) filter (inside and kind = 'usage') as bigint) as cache_write_5m_tokens,
  cast(sum(cache_write_1h_tokens) filter (inside and kind = 'usage') as bigint) as cache_write_1h_tokens,
  usd(sum(cost_usd_micros) filter (inside and kind = 'usage')) as cost_usd,
  count(*) filter (inside and kind = 'usage' and cost_usd_micros is null) as cost_unknown_responses
from placed
group by agent, session_id
