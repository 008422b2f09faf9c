-- Sessions of a window, with the figures of the window only and without their texts, which are most of what there is to
-- read. `activity` takes the sessions with a timed event in the window, `start` those whose first event lies in it.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.session_totals, intermediate.session_facts_in, intermediate.active_time_in
-- parameters: since, until, anchor, ids
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
--   started_at: first event with a time of its own
--   ended_at: last event with a time of its own
--   wall_s: ended_at minus started_at, seconds; null when no event has a time
--   active_s: wall_s without the gaps, seconds; null when the times of events are not known
--   active_capped_s: active_s with each gap counted as the threshold, seconds; null when active_s is
--   gaps: pauses longer than the threshold, all threads merged; null when active_s is
--   prompts: prompts that a person typed
--   replies: events of kind reply: blocks of text that the agent wrote
--   responses: model responses; null when sums of them do not say how many
--   tool_calls: tool calls
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked; null when calls have no results,
--     as the agent marked them: a `grep` that found nothing is one, and is no friction
--   rejections: tool results with outcome rejected: a person said no
--   interrupts: interruptions by a person
--   events: all events
--   models: models of the responses as written, sorted
--   input_tokens: uncached input tokens; null when no response tells
--   output_tokens: output tokens, reasoning included; null when no response tells
--   cache_read_tokens: input tokens read from the cache; null when no response tells
--   cache_write_5m_tokens: input tokens written to the 5-minute cache; null when no response tells
--   cache_write_1h_tokens: input tokens written to the 1-hour cache; null when no response tells
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
--   cost_unknown_responses: responses without a known price
with totals as (from intermediate.session_totals),
facts as (from intermediate.session_facts_in(since, until, ids)),
times as (from intermediate.active_time_in(since, until, setting_gap_s(), ids)),
whole as (
  select * exclude (timed_events, first_ts, last_ts, untimed_events)
  from totals
  where
    in_ids(session_id, ids)
    and (
      (since is null and until is null)
      or (timed_events > 0 and is_whole_in(first_ts, last_ts, untimed_events, since, until))
    )
),
cut as (
  select
    facts.agent,
    facts.session_id,
    facts.parent_session_id,
    facts.is_subagent,
    facts."user",
    facts.project,
    facts.cwd,
    facts.git_branch,
    facts.agent_version,
    times.started_at,
    times.ended_at,
    times.wall_s,
    times.active_s,
    times.active_capped_s,
    times.gaps,
    facts.prompts,
    facts.replies,
    facts.responses,
    facts.tool_calls,
    facts.tool_errors,
    facts.rejections,
    facts.interrupts,
    facts.events,
    facts.models,
    facts.input_tokens,
    facts.output_tokens,
    facts.cache_read_tokens,
    facts.cache_write_5m_tokens,
    facts.cache_write_1h_tokens,
    facts.cost_usd,
    facts.cost_unknown_responses
  from facts
  left join times on times.agent = facts.agent and times.session_id = facts.session_id
  where
    (since is not null or until is not null)
    and case when anchor = 'start' then in_window(facts.first_at, since, until) else facts.timed_events > 0 end
)
from whole
union all by name
from cut
