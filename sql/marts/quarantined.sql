-- What could not be read of the transcripts, and where it lies.
-- grain: one row per span
-- key: source_id, byte_offset
-- reads: staging.quarantine, staging.sources
-- columns:
--   agent: the agent that wrote the file
--   path: absolute path of the file
--   source_line: line in the file, from 1
--   byte_offset: byte where the span begins
--   length_bytes: bytes in the span
--   reason: why it could not be read
--   begins_with: its first bytes as text, at most 80 characters, what is not printable as escapes
--   session_id: the session that the file belongs to
--   source_id: hash of path and generation
with spans as (from staging.quarantine),
sources as (from staging.sources)
select
  sources.agent,
  sources.path,
  spans.source_line,
  spans.byte_offset,
  spans.length_bytes,
  spans.reason,
  left(spans.head::varchar, 80) as begins_with,
  sources.session_id,
  spans.source_id
from spans
join sources using (source_id)
