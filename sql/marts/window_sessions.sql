-- Sessions of the window of this run (`--since`, `--until`, `--anchor`), with the figures of the window only.
-- grain: one row per session
-- key: agent, session_id
-- reads: sessions_in
-- columns: as sessions_in
from sessions_in(setting_since(), setting_until(), setting_anchor())
