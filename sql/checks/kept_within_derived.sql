-- No more events are kept of a source than were derived from it.
-- grain: one row per source that breaks the rule
-- key: source_id
-- reads: ingest_ledger
-- columns:
--   source_id: the source file
--   path: absolute path of the file
--   events: events kept of the file
--   duplicates: events derived minus events kept; negative here
select source_id, path, events, duplicates
from ingest_ledger
where duplicates is null or duplicates < 0
