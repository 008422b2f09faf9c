-- Tokens and cost of each model response, or of a sum of them where the agent tells no more.
-- Cost is a list-price equivalent.
-- grain: one row per usage event that counts
-- key: event_id
-- reads: intermediate.counted_events
-- columns:
--   event_id: identity of the response's usage event
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   response_id: the provider's id of the response
--   request_id: the provider's id of the request
--   ts: time of the response
--   grain: response, output (only the output is known), process or session (sums)
--   responses: model responses in the row; null when a sum does not say
--   model: as written
--   model_family: opus, sonnet, haiku, gpt, gemini; other models are their own family
--   model_version: exact version, one name for all ways to write it
--   input_tokens: uncached input tokens, without cache reads and writes
--   output_tokens: output tokens, reasoning included
--   cache_read_tokens: input tokens read from the cache
--   cache_write_5m_tokens: input tokens written to the 5-minute cache
--   cache_write_1h_tokens: input tokens written to the 1-hour cache
--   reasoning_tokens: part of output_tokens
--   cost_usd: list-price equivalent, US dollars; null when the price is unknown
--   recorded_cost_usd: the agent's own figure, US dollars
--   price_source: where the price comes from
with events as (from intermediate.counted_events)
select
  event_id,
  agent,
  session_id,
  thread_id,
  response_id,
  request_id,
  ts,
  coalesce(usage_grain, 'response') as grain,
  responses_in(usage_grain, response_count) as responses,
  model,
  model_family(model) as model_family,
  model_version(model) as model_version,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_write_5m_tokens,
  cache_write_1h_tokens,
  reasoning_tokens,
  usd(cost_usd_micros) as cost_usd,
  usd(recorded_cost_usd_micros) as recorded_cost_usd,
  price_source
from events
where kind = 'usage'
