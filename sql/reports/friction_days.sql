-- What happened on each day of a stretch, and its friction per active hour with a 95 % interval. Days are cut in the
-- configured zone.
-- grain: one row per day with activity
-- key: day
-- reads: daily_in, session_blocks, friction
-- parameters: since, until
-- columns:
--   day: date in the configured zone
--   sessions: sessions that were active on the day
--   active_s: active time, seconds
--   prompts: prompts that a person typed
--   tool_calls: tool calls
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked
--   output_tokens: output tokens, reasoning included; null when no response tells
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
--   incidents: incidents of sessions whose times are known, whatever was fixed
--   per_active_hour: null without active time
--   per_active_hour_low: lower end of the 95 % interval
--   per_active_hour_high: upper end
with days as (from daily_in(since, until)),
blocks as (from session_blocks),
troubles as (from friction),
timed as (select agent, session_id from blocks group by agent, session_id),
counted as (
  select local_day(troubles.ts) as day, count(*) as incidents
  from troubles
  semi join timed using (agent, session_id)
  where in_window(troubles.ts, since, until)
  group by local_day(troubles.ts)
),
measured as (
  select days.*, coalesce(counted.incidents, 0) as incidents, cast(days.active_s as double) / 3600 as hours
  from days
  left join counted using (day)
)
select
  day,
  sessions,
  active_s,
  prompts,
  tool_calls,
  tool_errors,
  output_tokens,
  cost_usd,
  incidents,
  incidents / nullif(hours, 0) as per_active_hour,
  rate_interval(incidents, hours)[1] as per_active_hour_low,
  rate_interval(incidents, hours)[2] as per_active_hour_high
from measured
order by day
