-- The files that transcripts were read from, with their state.
-- grain: one row per generation of a source file
-- key: source_id
-- reads: lake.sources
-- columns: as lake.sources
from lake.sources
