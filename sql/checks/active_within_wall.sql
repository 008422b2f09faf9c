-- Active time is never more than wall time, never more than itself with gaps capped, and never negative.
-- grain: one row per session that breaks the rule
-- key: agent, session_id
-- reads: sessions
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   active_s: seconds
--   active_capped_s: seconds
--   wall_s: seconds
select agent, session_id, active_s, active_capped_s, wall_s
from sessions
where active_s < 0 or active_s > wall_s or active_s > active_capped_s
