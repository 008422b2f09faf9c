-- Where each session begins and ends, whatever its events are: what decides whether a window holds it whole.
-- grain: one row per session
-- key: agent, session_id
-- reads: staging.events
-- stored: every window asks for it
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   first_ts: first time of an event, also where it is a neighbour's; null when no event has one
--   last_ts: last time of an event, also where it is a neighbour's
--   untimed_events: events without any time
with events as (from staging.events)
select
  agent,
  session_id,
  min(ts) as first_ts,
  max(ts) as last_ts,
  count(*) - count(ts) as untimed_events
from events
group by agent, session_id
