-- The active time of the days sums to the active time of the sessions.
-- grain: one row when the sums differ
-- key: sessions_s
-- reads: sessions, daily
-- columns:
--   sessions_s: sum over the sessions, seconds
--   days_s: sum over the days, seconds
with by_session as (select coalesce(sum(active_s), 0) as sessions_s from sessions),
by_day as (select coalesce(sum(active_s), 0) as days_s from daily)
select by_session.sessions_s, by_day.days_s
from by_session
cross join by_day
where by_session.sessions_s <> by_day.days_s
