-- The settings of this run.
-- grain: one row
-- key: zone
-- reads: nothing
-- columns:
--   gap_s: a pause longer than this is a gap, seconds
--   zone: IANA zone in which days are cut
--   since: start of the window, belongs to it; null for no bound
--   until: end of the window, does not belong to it; null for no bound
--   anchor: `activity` for sessions active in the window, `start` for sessions that started in it
--   fix_anchor: `session`: a fix counts for sessions that began after it, `event`: for everything after it
--   slow_command_s: a command that runs at least this long is slow, seconds
select
  setting_gap_s() as gap_s,
  setting_zone() as zone,
  setting_since() as since,
  setting_until() as until,
  setting_anchor() as anchor,
  setting_fix_anchor() as fix_anchor,
  setting_slow_command_s() as slow_command_s
