-- Durations, token counts and costs are never negative.
-- grain: one row per event that breaks the rule
-- key: event_id
-- reads: staging.events
-- columns:
--   event_id: identity of the event
--   kind: kind of the event
--   least_amount: the smallest of its amounts
with events as (from staging.events),
amounts as (
  select
    event_id,
    kind,
    least(
      duration_s, elapsed_s, input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
      cache_write_1h_tokens, reasoning_tokens, cost_usd_micros, recorded_cost_usd_micros
    ) as least_amount
  from events
)
select event_id, kind, least_amount
from amounts
where least_amount < 0
