-- Every line of a source was read, salvaged, quarantined or blank: no line is lost.
-- grain: one row per source that breaks the rule
-- key: source_id
-- reads: ingest_ledger
-- columns:
--   source_id: the source file
--   path: absolute path of the file
--   lines: lines in the archived bytes
--   accounted: records + salvaged + quarantined + blank
select source_id, path, lines, records + salvaged + quarantined + blank as accounted
from ingest_ledger
where lines is distinct from records + salvaged + quarantined + blank
