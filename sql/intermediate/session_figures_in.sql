-- Sessions of a window, with the figures of the window only and without their texts, which are most of what there is to
-- read. `activity` takes the sessions with a timed event in the window, `start` those whose first event lies in it.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.session_totals, intermediate.session_counts_in, intermediate.session_timelines
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
counts as (from intermediate.session_counts_in(since, until, ids)),
timelines as (from intermediate.session_timelines),
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
-- What a session is does not depend on the window; only what happened in it is counted anew.
counted as (
  select
    totals.agent,
    totals.session_id,
    totals.parent_session_id,
    totals.is_subagent,
    totals."user",
    totals.project,
    totals.cwd,
    totals.git_branch,
    totals.agent_version,
    counts.last_us - counts.first_us as wall_us,
    pauses_within(timelines.pauses, counts.first_us, counts.last_us) as pauses,
    counts.* exclude (agent, session_id)
  from totals
  left join counts on counts.agent = totals.agent and counts.session_id = totals.session_id
  left join timelines on timelines.agent = totals.agent and timelines.session_id = totals.session_id
  where
    (since is not null or until is not null)
    and in_ids(totals.session_id, ids)
    and is_cut_by(totals.first_ts, totals.last_ts, totals.untimed_events, since, until)
    and case when anchor = 'start' then in_window(totals.started_at, since, until) else counts.timed_events > 0 end
),
cut as (
  select
    agent,
    session_id,
    parent_session_id,
    is_subagent,
    "user",
    project,
    cwd,
    git_branch,
    agent_version,
    make_timestamptz(first_us) as started_at,
    make_timestamptz(last_us) as ended_at,
    seconds(wall_us) as wall_s,
    seconds(wall_us - paused_us(pauses)) as active_s,
    seconds(wall_us - paused_us(pauses) + len(pauses) * micros(setting_gap_s())) as active_capped_s,
    len(pauses) as gaps,
    coalesce(prompts, 0) as prompts,
    coalesce(replies, 0) as replies,
    if(events is null, 0, responses) as responses,
    coalesce(tool_calls, 0) as tool_calls,
    if(events is null, 0, tool_errors) as tool_errors,
    coalesce(rejections, 0) as rejections,
    coalesce(interrupts, 0) as interrupts,
    coalesce(events, 0) as events,
    coalesce(models, []) as models,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    cost_usd,
    coalesce(cost_unknown_responses, 0) as cost_unknown_responses
  from counted
)
from whole
union all by name
from cut
