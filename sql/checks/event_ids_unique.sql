-- Every event has an identity of its own: a copy that is kept twice would be counted twice.
-- grain: one row per identity that more than one event has
-- key: event_id
-- reads: staging.events
-- columns:
--   event_id: identity of the events
--   copies: events that have it
select coalesce(event_id, '') as event_id, count(*) as copies
from staging.events
group by all
having count(*) > 1 or event_id = ''
