-- Active time of each session, for any threshold: `from active_time(300)`.
-- grain: one row per session with a timed event
-- key: agent, session_id
-- reads: intermediate.active_time_in
-- parameters: gap_s
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   active_s: time between first and last event without the gaps, seconds; null when the times of events are not known
--   active_capped_s: active_s with each gap counted as the threshold, seconds; null when active_s is
--   wall_s: time between first and last event, seconds
--   gaps: number of pauses longer than gap_s; null when active_s is
select agent, session_id, active_s, active_capped_s, wall_s, gaps
from intermediate.active_time_in(null, null, gap_s, null)
