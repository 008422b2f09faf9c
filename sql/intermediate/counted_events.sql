-- The events without the usage that is told twice.
-- grain: one row per event
-- key: event_id
-- reads: staging.events, intermediate.usage_told_twice
-- columns: as staging.events
with events as (from staging.events),
told_twice as (from intermediate.usage_told_twice)
select events.*
from events
anti join told_twice
  on told_twice.agent = events.agent
  and told_twice.session_id = events.session_id
  and is_told_twice(events.kind, events.usage_grain, events.ts, told_twice.grain, told_twice.left_until)
