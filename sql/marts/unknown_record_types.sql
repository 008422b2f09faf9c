-- Record types that sesh does not know, with how often they were seen. Their events are kept.
-- grain: one row per agent and record type
-- key: agent, record_type
-- reads: staging.events
-- columns:
--   agent: the agent that wrote the transcript
--   record_type: the record's type in the agent's own words; empty where it has none
--   events: number of events
--   sessions: sessions that have such events
with events as (from staging.events)
select
  agent,
  coalesce(record_type, '') as record_type,
  count(*) as events,
  count(distinct session_id) as sessions
from events
where kind = 'unknown'
group by all
