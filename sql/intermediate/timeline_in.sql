-- When each session was active inside a window: first and last event and the long pauses between, threads merged.
-- Only events with a time of their own count: a time that is taken from a neighbour adds nothing.
-- grain: one row per session with a timed event in the window
-- key: agent, session_id
-- reads: staging.events, seeds.agent_capabilities
-- parameters: since, until, threshold_s, ids
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   first_us: first event in the window, microseconds since 1970
--   last_us: last event in the window, microseconds since 1970
--   pauses: pauses longer than the threshold, in order: from_us and to_us, microseconds since 1970; null when the agent
--     writes only when a session began and ended
with events as (from staging.events),
untimed as (select agent from seeds.agent_capabilities where capability = 'times' and known = 'no'),
timed as (
  select agent, session_id, epoch_us(ts) as at_us
  from events
  where ts_source = 'event' and in_window(ts, since, until) and in_ids(session_id, ids)
),
ordered as (
  select agent, session_id, list_sort(list(at_us)) as times
  from timed
  group by agent, session_id
)
select
  agent,
  session_id,
  times[1] as first_us,
  times[-1] as last_us,
  case when agent not in (from untimed) then pauses_between(times, threshold_s) end as pauses
from ordered
