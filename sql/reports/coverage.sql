-- What the figures rest on: all sources of the store.
-- grain: one row
-- key: sources
-- reads: ingest_ledger
-- columns:
--   sources: source files; a file that was replaced counts once
--   unreadable_sources: files that could not be read
--   gone_sources: files that are no longer on disk and are kept
--   lines: lines in the archived bytes
--   quarantined_lines: lines from which nothing could be read
--   salvaged_lines: damaged lines from which at least one record was saved
--   pending_bytes: bytes after the last whole line, not yet archived
--   unknown_events: events of record types that sesh does not know
with ledger as (from ingest_ledger)
select
  count(*) filter (state <> 'replaced') as sources,
  count(*) filter (state = 'unreadable') as unreadable_sources,
  count(*) filter (state = 'gone') as gone_sources,
  cast(coalesce(sum(lines), 0) as bigint) as lines,
  cast(coalesce(sum(quarantined), 0) as bigint) as quarantined_lines,
  cast(coalesce(sum(salvaged), 0) as bigint) as salvaged_lines,
  cast(coalesce(sum(pending_bytes), 0) as bigint) as pending_bytes,
  cast(coalesce(sum(unknown), 0) as bigint) as unknown_events
from ledger
