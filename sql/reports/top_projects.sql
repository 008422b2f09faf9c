-- The projects of a window, the one with most active time first.
-- grain: one row per project
-- key: project
-- reads: sessions_in
-- parameters: since, until, anchor
-- columns:
--   project: last part of the first working directory; empty for sessions without one
--   sessions: sessions of the window
--   active_s: active time, seconds; null when no session has a time
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
--   cost_unknown_responses: responses without a known price
with sessions as (from sessions_in(since, until, anchor))
select
  coalesce(project, '') as project,
  count(*) as sessions,
  sum(active_s) as active_s,
  sum(cost_usd) as cost_usd,
  cast(sum(cost_unknown_responses) as bigint) as cost_unknown_responses
from sessions
group by coalesce(project, '')
order by sum(active_s) desc nulls last, count(*) desc, coalesce(project, '')
limit 10
