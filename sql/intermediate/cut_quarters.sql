-- What happened in the quarters of an hour that the window of this run or the one before it cuts, in each of the two.
-- grain: one row per session, quarter and window
-- key: agent, session_id, quarter_start, is_later
-- reads: intermediate.events_by_quarter_in
-- kept: a report asks for them many times
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   quarter_start: begin of the quarter
--   is_later: in the window of this run, not in the one before it
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
from intermediate.events_by_quarter_in(
  coalesce(setting_before(), setting_since()), setting_until(), setting_since(), null
)
where setting_since() is not null or setting_until() is not null
