-- The events of all transcripts.
-- grain: one row per block of a transcript record
-- key: event_id
-- reads: lake.events
-- columns: as lake.events
from lake.events
