-- What happened in each session per quarter of an hour, from the events in a window. With a window only of the quarters
-- that lie partly in it.
-- grain: one row per session and quarter
-- key: agent, session_id, quarter_start
-- reads: intermediate.counted_events
-- parameters: since, until
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   quarter_start: begin of the quarter
--   timed_events: events with a time of their own
--   prompts: prompts that a person typed
--   tool_calls: tool calls
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked
--   input_tokens: uncached input tokens
--   output_tokens: output tokens, reasoning included
--   cache_read_tokens: input tokens read from the cache
--   cache_write_5m_tokens: input tokens written to the 5-minute cache
--   cache_write_1h_tokens: input tokens written to the 1-hour cache
--   cost_usd_micros: list-price equivalent, millionths of a US dollar
with events as (from intermediate.counted_events),
placed as (
  select *, quarter_start_us(ts) as quarter_us
  from events
  where
    ts is not null
    and in_window(ts, since, until)
    and (
      (since is null and until is null)
      or make_timestamptz(quarter_us) < since
      or make_timestamptz(quarter_us + 900000000) > until
    )
)
select
  agent,
  session_id,
  make_timestamptz(quarter_us) as quarter_start,
  count(*) filter (ts_source = 'event') as timed_events,
  count(*) filter (kind = 'prompt') as prompts,
  count(*) filter (kind = 'tool_call') as tool_calls,
  count(*) filter (
    kind = 'tool_result' and outcome in ('error', 'timeout', 'denied', 'hook_blocked')
  ) as tool_errors,
  cast(sum(input_tokens) filter (kind = 'usage') as bigint) as input_tokens,
  cast(sum(output_tokens) filter (kind = 'usage') as bigint) as output_tokens,
  cast(sum(cache_read_tokens) filter (kind = 'usage') as bigint) as cache_read_tokens,
  cast(sum(cache_write_5m_tokens) filter (kind = 'usage') as bigint) as cache_write_5m_tokens,
  cast(sum(cache_write_1h_tokens) filter (kind = 'usage') as bigint) as cache_write_1h_tokens,
  cast(sum(cost_usd_micros) filter (kind = 'usage') as bigint) as cost_usd_micros
from placed
group by agent, session_id, quarter_us
