-- What happened in each session per quarter of an hour, inside a window.
-- grain: one row per session and quarter
-- key: agent, session_id, quarter_start
-- reads: intermediate.session_quarters, intermediate.cut_quarters, intermediate.events_by_quarter_in
-- parameters: since, until, ids
-- columns: as intermediate.session_quarters
with quarters as (from intermediate.session_quarters),
known as (from intermediate.cut_quarters),
found as (from intermediate.events_by_quarter_in(since, until, null, ids)),
whole as (
  from quarters
  where
    in_ids(session_id, ids)
    and (
      (since is null and until is null)
      or (
        quarter_start > no_quarter()
        and (since is null or quarter_start >= since)
        and (until is null or quarter_start + interval 15 minutes <= until)
      )
    )
),
known_here as (
  from known
  where
    in_ids(session_id, ids)
    and is_later = is_now(since, until)
    and (quarter_start < since or quarter_start + interval 15 minutes > until)
)
from whole
union all
select * exclude (is_later)
from known_here
where is_now(since, until) or is_before(since, until)
union all
select * exclude (is_later)
from found
where
  not (is_now(since, until) or is_before(since, until))
  and not (begins_quarter(since) and begins_quarter(until))
