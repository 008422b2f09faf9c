-- What happened on each day, in the configured zone.
-- grain: one row per day with activity
-- key: day
-- reads: daily_in
-- columns: as daily_in
from daily_in(null, null)
