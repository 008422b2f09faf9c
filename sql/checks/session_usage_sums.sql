-- The tokens and the cost of a session are the sums of its responses.
-- grain: one row per session that breaks the rule
-- key: agent, session_id
-- reads: sessions, model_usage
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   of_session: input, output, cache read, cache write 5 m, cache write 1 h, cost, as the session has them
--   of_responses: the same, summed over its responses
with responses as (
  select
    agent,
    session_id,
    [
      sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens),
      sum(cache_write_1h_tokens), sum(cost_usd)
    ] as of_responses
  from model_usage
  group by agent, session_id
),
totals as (
  select
    agent,
    session_id,
    [
      input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cost_usd
    ] as of_session
  from sessions
  where responses is distinct from 0
)
select
  coalesce(totals.agent, responses.agent) as agent,
  coalesce(totals.session_id, responses.session_id) as session_id,
  totals.of_session,
  responses.of_responses
from totals
full join responses on responses.agent = totals.agent and responses.session_id = totals.session_id
where totals.of_session is distinct from responses.of_responses
