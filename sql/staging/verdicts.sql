-- What judges answered about sessions, one sample each.
-- grain: one row per question and session
-- key: key, agent, session_id
-- reads: lake.verdicts
-- columns: as lake.verdicts
from lake.verdicts
