-- Reasoning tokens are a part of the output tokens, so there are never more of them.
-- grain: one row per response that breaks the rule
-- key: event_id
-- reads: model_usage
-- columns:
--   event_id: identity of the response's usage event
--   output_tokens: output tokens, reasoning included
--   reasoning_tokens: part of output_tokens
select event_id, output_tokens, reasoning_tokens
from model_usage
where reasoning_tokens > coalesce(output_tokens, 0)
