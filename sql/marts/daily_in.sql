-- What happened on each day inside a window: `from daily_in(since, until)`. Days are cut in the configured zone.
-- grain: one row per day with activity
-- key: day
-- reads: intermediate.quarters_in, intermediate.block_days_in
-- parameters: since, until
-- columns:
--   day: date in the configured zone
--   sessions: sessions that were active on the day
--   active_s: active time, seconds; blocks are cut at midnight
--   prompts: prompts that a person typed
--   tool_calls: tool calls
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked
--   input_tokens: uncached input tokens; null when no response tells
--   output_tokens: output tokens, reasoning included; null when no response tells
--   cache_read_tokens: input tokens read from the cache; null when no response tells
--   cache_write_5m_tokens: input tokens written to the 5-minute cache; null when no response tells
--   cache_write_1h_tokens: input tokens written to the 1-hour cache; null when no response tells
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
with quarters as (from intermediate.quarters_in(since, until, null)),
block_days as (from intermediate.block_days_in(since, until)),
happened as (
  select local_day(quarter_start) as day, * exclude (quarter_start)
  from quarters
  where events > 0 and quarter_start > no_quarter()
),
parts as (
  from happened
  union all by name
  select agent, session_id, day, active_us from block_days
)
select
  day,
  count(distinct (agent, session_id)) filter (timed_events > 0 or active_us > 0) as sessions,
  seconds(coalesce(sum(active_us), 0)) as active_s,
  cast(coalesce(sum(prompts), 0) as bigint) as prompts,
  cast(coalesce(sum(tool_calls), 0) as bigint) as tool_calls,
  cast(coalesce(sum(tool_errors), 0) as bigint) as tool_errors,
  cast(sum(input_tokens) as bigint) as input_tokens,
  cast(sum(output_tokens) as bigint) as output_tokens,
  cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
  cast(sum(cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
  cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
  usd(sum(cost_usd_micros)) as cost_usd
from parts
group by day
