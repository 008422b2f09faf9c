-- What happened in each session per quarter of an hour, inside a window.
-- grain: one row per session and quarter
-- key: agent, session_id, quarter_start
-- reads: intermediate.session_quarters, intermediate.events_by_quarter_in
-- parameters: since, until, ids
-- columns: as intermediate.session_quarters
with quarters as (from intermediate.session_quarters),
cut_quarters as (from intermediate.events_by_quarter_in(since, until, ids)),
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
)
from whole
union all
from cut_quarters
where not (begins_quarter(since) and begins_quarter(until))
