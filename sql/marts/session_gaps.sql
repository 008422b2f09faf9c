-- Pauses of each session that are longer than the threshold; exactly the threshold is no gap.
-- grain: one row per gap
-- key: agent, session_id, gap_start
-- reads: intermediate.session_timelines
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   gap_start: last event before the pause
--   gap_end: first event after the pause
--   gap_s: length of the pause, seconds
with timeline as (from intermediate.session_timelines),
gaps as (select agent, session_id, unnest(pauses) as pause from timeline)
select
  agent,
  session_id,
  make_timestamptz(pause.from_us) as gap_start,
  make_timestamptz(pause.to_us) as gap_end,
  seconds(pause.to_us - pause.from_us) as gap_s
from gaps
