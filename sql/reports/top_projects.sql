-- The projects of a window, the one with most active time first.
-- grain: one row per project
-- key: project
-- reads: sessions_in, friction
-- parameters: since, until, anchor
-- columns:
--   project: last part of the first working directory; empty for sessions without one
--   sessions: sessions of the window
--   active_s: active time, seconds; null when no session has a time
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
--   cost_unknown_responses: responses without a known price
--   incidents: friction incidents in these sessions
with sessions as (from sessions_in(since, until, anchor)),
troubles as (from friction),
incidents as (
  select agent, session_id, count(*) as incidents
  from troubles
  where in_window(ts, since, until)
  group by agent, session_id
)
select
  coalesce(sessions.project, '') as project,
  count(*) as sessions,
  sum(sessions.active_s) as active_s,
  sum(sessions.cost_usd) as cost_usd,
  cast(sum(sessions.cost_unknown_responses) as bigint) as cost_unknown_responses,
  cast(coalesce(sum(incidents.incidents), 0) as bigint) as incidents
from sessions
left join incidents on incidents.agent = sessions.agent and incidents.session_id = sessions.session_id
group by coalesce(sessions.project, '')
order by active_s desc nulls last, sessions desc, coalesce(sessions.project, '')
limit 10
