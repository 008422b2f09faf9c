-- The record types that sesh does not know, the most frequent first.
-- grain: one row per agent and record type
-- key: agent, record_type
-- reads: unknown_record_types
-- columns:
--   agent: the agent that wrote the transcript
--   record_type: the record's type in the agent's own words; empty where it has none
--   events: number of events
with unknown as (from unknown_record_types)
select agent, record_type, events
from unknown
order by events desc, agent, record_type
limit 10
