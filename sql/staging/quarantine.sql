-- Spans of source files that could not be read.
-- grain: one row per span
-- key: source_id, byte_offset
-- reads: lake.quarantine
-- columns: as lake.quarantine
from lake.quarantine
