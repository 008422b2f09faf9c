-- How much of each agent's transcripts was read and understood.
-- grain: one row per agent with a source in the store
-- key: agent
-- reads: staging.sources
-- columns:
--   agent: the agent that wrote the transcripts
--   sources: source files and sessions of databases; one that was replaced counts once
--   sessions: sessions that the sources name
--   unreadable: sources that could not be read
--   records: records that were read, salvaged ones included
--   quarantined: lines from which nothing could be read
--   events: events derived, duplicates included
--   unknown: events of record types that sesh does not know
--   first_ts: earliest event time
--   last_ts: latest event time
with sources as (from staging.sources where state <> 'replaced')
select
  agent,
  count(*) as sources,
  count(distinct session_id) as sessions,
  count(*) filter (state = 'unreadable') as unreadable,
  cast(coalesce(sum(records + salvaged_records), 0) as bigint) as records,
  cast(coalesce(sum(quarantined), 0) as bigint) as quarantined,
  cast(coalesce(sum(events), 0) as bigint) as events,
  cast(coalesce(sum(unknown_events), 0) as bigint) as unknown,
  min(first_ts) as first_ts,
  max(last_ts) as last_ts
from sources
group by agent
