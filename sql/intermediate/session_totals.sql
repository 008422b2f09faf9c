-- Sessions with the figures of all their events, without their texts.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.session_facts, intermediate.session_counts, intermediate.active_time_in,
--   intermediate.session_spans
-- stored: lists and sums of sessions come from it, and the figures of sessions that a window holds whole
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
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked; null when calls have no results
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
--   timed_events: events with a time of their own
--   first_ts: first time of an event, also where it is a neighbour's; null when no event has one
--   last_ts: last time of an event, also where it is a neighbour's
--   untimed_events: events without any time
with facts as (from intermediate.session_facts),
counts as (from intermediate.session_counts),
times as (from intermediate.active_time_in(null, null, setting_gap_s(), null)),
spans as (from intermediate.session_spans)
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
  counts.prompts,
  counts.replies,
  counts.responses,
  counts.tool_calls,
  counts.tool_errors,
  counts.rejections,
  counts.interrupts,
  counts.events,
  counts.models,
  counts.input_tokens,
  counts.output_tokens,
  counts.cache_read_tokens,
  counts.cache_write_5m_tokens,
  counts.cache_write_1h_tokens,
  counts.cost_usd,
  counts.cost_unknown_responses,
  counts.timed_events,
  spans.first_ts,
  spans.last_ts,
  spans.untimed_events
from facts
join counts on counts.agent = facts.agent and counts.session_id = facts.session_id
join spans on spans.agent = facts.agent and spans.session_id = facts.session_id
left join times on times.agent = facts.agent and times.session_id = facts.session_id
