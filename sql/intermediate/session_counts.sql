-- What happened in each session, summed from quarters of an hour.
-- grain: one row per session
-- key: agent, session_id
-- reads: intermediate.session_quarters
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   timed_events: events with a time of their own
--   events: events
--   prompts: prompts that a person typed
--   replies: events of kind reply: blocks of text that the agent wrote
--   responses: model responses; null when sums of them do not say how many
--   tool_calls: tool calls
--   tool_errors: tool results with outcome error, timeout, denied or hook_blocked; null when calls have no results,
--     as the agent marked them: a `grep` that found nothing is one, and is no friction
--   rejections: tool results with outcome rejected: a person said no
--   interrupts: interruptions by a person
--   models: models of the responses as written, sorted
--   input_tokens: uncached input tokens; null when no response tells
--   output_tokens: output tokens, reasoning included; null when no response tells
--   cache_read_tokens: input tokens read from the cache; null when no response tells
--   cache_write_5m_tokens: input tokens written to the 5-minute cache; null when no response tells
--   cache_write_1h_tokens: input tokens written to the 1-hour cache; null when no response tells
--   cost_usd: list-price equivalent of the responses with a known price, US dollars; null when there is none
--   cost_unknown_responses: responses without a known price
with quarters as (from intermediate.session_quarters)
select
  agent,
  session_id,
  cast(sum(timed_events) as bigint) as timed_events,
  cast(sum(events) as bigint) as events,
  cast(sum(prompts) as bigint) as prompts,
  cast(sum(replies) as bigint) as replies,
  sum_responses(usages, responses) as responses,
  cast(sum(tool_calls) as bigint) as tool_calls,
  sum_tool_errors(tool_calls, tool_results, tool_errors) as tool_errors,
  cast(sum(rejections) as bigint) as rejections,
  cast(sum(interrupts) as bigint) as interrupts,
  sum_models(models) as models,
  cast(sum(input_tokens) as bigint) as input_tokens,
  cast(sum(output_tokens) as bigint) as output_tokens,
  cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
  cast(sum(cache_write_5m_tokens) as bigint) as cache_write_5m_tokens,
  cast(sum(cache_write_1h_tokens) as bigint) as cache_write_1h_tokens,
  usd(sum(cost_usd_micros)) as cost_usd,
  cast(sum(cost_unknown_responses) as bigint) as cost_unknown_responses
from quarters
group by agent, session_id
