-- What became of every source file of the store: its lines, and the events that are kept of it. Files that a window
-- left out are not in the store.
-- grain: one row per generation of a source file
-- key: source_id
-- reads: staging.sources, intermediate.source_events
-- columns:
--   source_id: hash of path and generation
--   agent: the agent that wrote the file
--   path: absolute path of the file
--   state: live, gone, replaced, unreadable
--   session_id: the session that the file belongs to
--   bytes: archived bytes
--   lines: lines in the archived bytes; records + salvaged + quarantined + blank
--   records: lines that were read as they stand
--   salvaged: damaged lines from which at least one record was saved
--   quarantined: lines from which nothing could be read
--   blank: blank lines
--   pending_bytes: bytes after the last whole line, not yet archived
--   events: events kept of the file
--   duplicates: events of the file that are kept of another copy
--   unknown: events of record types that sesh does not know
--   first_ts: earliest event time in the file
--   last_ts: latest event time in the file
with sources as (from staging.sources),
parts as (from intermediate.source_events),
kept as (select source_id, cast(sum(events) as bigint) as events from parts group by source_id)
select
  sources.source_id,
  sources.agent,
  sources.path,
  sources.state,
  sources.session_id,
  sources.archived_bytes as bytes,
  sources.lines,
  sources.records,
  sources.salvaged,
  sources.quarantined,
  sources.blank,
  sources.pending_bytes,
  coalesce(kept.events, 0) as events,
  sources.events - coalesce(kept.events, 0) as duplicates,
  sources.unknown_events as unknown,
  sources.first_ts,
  sources.last_ts
from sources
left join kept on kept.source_id = sources.source_id
where sources.state <> 'seen'
