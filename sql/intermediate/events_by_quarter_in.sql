-- What happened in each session per quarter of an hour, from its events. With a window only of the quarters that lie
-- partly in it, or that `split` cuts in two: what a window holds of whole quarters is kept.
-- grain: one row per session, quarter and side of the split
-- key: agent, session_id, quarter_start, is_later
-- reads: staging.events, intermediate.usage_told_twice
-- parameters: since, until, split, ids
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   quarter_start: begin of the quarter; `no_quarter()` for events without any time
--   is_later: not before the split; true without one
--   first_us: first event with a time of its own, microseconds since 1970
--   last_us: last event with a time of its own, microseconds since 1970
--   timed_events: events with a time of their own
--   events: all events
--   prompts: prompts that a person typed
--   replies: events of kind reply: blocks of text that the agent wrote
--   usages: events of usage that count
--   responses: model responses; null when sums of them do not say how many
--   tool_calls: tool calls
--   tool_results: tool results
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked
--   rejections: tool results with outcome rejected: a person said no
--   interrupts: interruptions by a person
--   models: models of the responses as written; null when there are none
--   input_tokens: uncached input tokens
--   output_tokens: output tokens, reasoning included
--   cache_read_tokens: input tokens read from the cache
--   cache_write_5m_tokens: input tokens written to the 5-minute cache
--   cache_write_1h_tokens: input tokens written to the 1-hour cache
--   cost_usd_micros: list-price equivalent, millionths of a US dollar
--   cost_unknown_responses: responses without a known price
with events as (from staging.events),
told_twice as (from intermediate.usage_told_twice),
within as (
  select *, coalesce(quarter_start(ts), no_quarter()) as quarter, coalesce(ts >= split, true) as is_later
  from events
  where
    in_ids(session_id, ids)
    and in_window(ts, since, until)
    and (
      (since is null and until is null)
      or (
        not (begins_quarter(since) and begins_quarter(until) and begins_quarter(split))
        and (
          quarter_start(ts) < since
          or quarter_after(ts) > until
          or (quarter_start(ts) < split and quarter_after(ts) > split)
        )
      )
    )
),
placed as (
  select
    within.*,
    told_twice.agent is null as counts,
    within.kind = 'usage' and told_twice.agent is null as is_usage
  from within
  left join told_twice
    on told_twice.agent = within.agent
    and told_twice.session_id = within.session_id
    and is_told_twice(within.kind, within.usage_grain, within.ts, told_twice.grain, told_twice.left_until)
)
select
  agent,
  session_id,
  quarter as quarter_start,
  is_later,
  epoch_us(min(ts) filter (ts_source = 'event')) as first_us,
  epoch_us(max(ts) filter (ts_source = 'event')) as last_us,
  count(*) filter (counts and ts_source = 'event') as timed_events,
  count(*) filter (counts) as events,
  count(*) filter (kind = 'prompt') as prompts,
  count(*) filter (kind = 'reply') as replies,
  count(*) filter (is_usage) as usages,
  cast(sum(responses_in(usage_grain, response_count)) filter (is_usage) as bigint) as responses,
  count(*) filter (kind = 'tool_call') as tool_calls,
  count(*) filter (kind = 'tool_result') as tool_results,
  count(*) filter (
    kind = 'tool_result' and outcome in ('error', 'timeout', 'denied', 'hook_blocked')
  ) as tool_errors,
  count(*) filter (kind = 'tool_result' and outcome = 'rejected') as rejections,
  count(*) filter (kind = 'interrupt') as interrupts,
  list_sort(list(distinct model) filter (is_usage and model is not null)) as models,
  cast(sum(input_tokens) filter (is_usage) as bigint) as input_tokens,
  cast(sum(output_tokens) filter (is_usage) as bigint) as output_tokens,
  cast(sum(cache_read_tokens) filter (is_usage) as bigint) as cache_read_tokens,
  cast(sum(cache_write_5m_tokens) filter (is_usage) as bigint) as cache_write_5m_tokens,
  cast(sum(cache_write_1h_tokens) filter (is_usage) as bigint) as cache_write_1h_tokens,
  cast(sum(cost_usd_micros) filter (is_usage) as bigint) as cost_usd_micros,
  count(*) filter (is_usage and cost_usd_micros is null) as cost_unknown_responses
from placed
group by agent, session_id, quarter, is_later
