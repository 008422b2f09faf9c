-- The figures of a window, summed over its sessions.
-- grain: one row
-- key: sessions
-- reads: sessions_in
-- parameters: since, until, anchor
-- columns:
--   sessions: sessions of the window
--   active_s: active time, seconds; null when no session has a time
--   wall_s: time between first and last event of each session, seconds; null when no session has a time
--   timed_sessions: sessions whose active time is known
--   wall_sessions: sessions whose first and last time are known
--   prompts: prompts that a person typed
--   tool_calls: tool calls
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked; null when no session tells
--   error_sessions: sessions that tell how their calls ended, or had none
--   tool_errors_per_100_calls: in sessions that tell how their calls ended; null when there was no call
--   input_tokens: uncached input tokens; null when no session tells
--   output_tokens: output tokens, reasoning included; null when no session tells
--   cache_read_tokens: input tokens read from the cache; null when no session tells
--   cache_write_tokens: input tokens written to either cache; null when no session tells
--   token_sessions: sessions that tell their input tokens
--   output_sessions: sessions that tell their output tokens
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
--   cost_sessions: sessions with a cost
--   cost_unknown_responses: responses without a known price
with sessions as (from sessions_in(since, until, anchor))
select
  count(*) as sessions,
  sum(active_s) as active_s,
  sum(wall_s) as wall_s,
  count(active_s) as timed_sessions,
  count(wall_s) as wall_sessions,
  cast(coalesce(sum(prompts), 0) as bigint) as prompts,
  cast(coalesce(sum(tool_calls), 0) as bigint) as tool_calls,
  cast(case when count(*) = 0 then 0 else sum(tool_errors) end as bigint) as tool_errors,
  count(tool_errors) as error_sessions,
  cast(sum(tool_errors) * 100 as double)
    / nullif(sum(tool_calls) filter (tool_errors is not null), 0) as tool_errors_per_100_calls,
  cast(sum(input_tokens) as bigint) as input_tokens,
  cast(sum(output_tokens) as bigint) as output_tokens,
  cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
  cast(
    case
      when count(coalesce(cache_write_5m_tokens, cache_write_1h_tokens)) > 0
      then coalesce(sum(cache_write_5m_tokens), 0) + coalesce(sum(cache_write_1h_tokens), 0)
    end as bigint
  ) as cache_write_tokens,
  count(input_tokens) as token_sessions,
  count(output_tokens) as output_sessions,
  sum(cost_usd) as cost_usd,
  count(cost_usd) as cost_sessions,
  cast(coalesce(sum(cost_unknown_responses), 0) as bigint) as cost_unknown_responses
from sessions
