-- Sessions, whole.
-- grain: one row per session
-- key: agent, session_id
-- reads: sessions_in
-- columns: as sessions_in
from sessions_in(null, null, 'activity')
