-- What a judge need not be believed about, of all sessions that a person began.
-- grain: one row per session that a person began
-- key: agent, session_id
-- reads: intermediate.judge_facts_of
-- columns: as intermediate.judge_facts_of
from intermediate.judge_facts_of(null)
