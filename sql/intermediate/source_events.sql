-- How many events are kept of each source file, and of which session.
-- grain: one row per session and source
-- key: agent, session_id, source_id
-- reads: staging.events
-- stored: the ledger of sources asks for it
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   source_id: the source
--   events: its events
with events as (from staging.events)
select agent, session_id, source_id, count(*) as events
from events
where source_id is not null
group by agent, session_id, source_id
