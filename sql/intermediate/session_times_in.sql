-- When each session was active inside a window, with the configured threshold of pauses: as `timeline_in`, but from
-- what is kept.
-- grain: one row per session with a timed event in the window
-- key: agent, session_id
-- reads: intermediate.session_timelines, intermediate.quarters_in
-- parameters: since, until
-- columns: as intermediate.session_timelines
with timelines as (from intermediate.session_timelines),
quarters as (from intermediate.quarters_in(since, until, null)),
ends as (
  select agent, session_id, min(first_us) as first_us, max(last_us) as last_us
  from quarters
  group by agent, session_id
)
select
  timelines.agent,
  timelines.session_id,
  ends.first_us,
  ends.last_us,
  pauses_within(timelines.pauses, ends.first_us, ends.last_us) as pauses
from timelines
join ends on ends.agent = timelines.agent and ends.session_id = timelines.session_id
where ends.first_us is not null
