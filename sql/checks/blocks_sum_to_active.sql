-- The blocks of a session sum to its active time, and there is one more block than gaps.
-- grain: one row per session that breaks the rule
-- key: agent, session_id
-- reads: sessions, session_blocks
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   active_s: active time of the session, seconds
--   blocks_s: sum of its blocks, seconds
--   gaps: gaps of the session
--   blocks: number of its blocks
with blocks as (
  select agent, session_id, sum(block_s) as blocks_s, count(*) as blocks
  from session_blocks
  group by agent, session_id
),
times as (select agent, session_id, active_s, gaps from sessions where active_s is not null)
select
  coalesce(times.agent, blocks.agent) as agent,
  coalesce(times.session_id, blocks.session_id) as session_id,
  times.active_s,
  blocks.blocks_s,
  times.gaps,
  blocks.blocks
from times
full join blocks on blocks.agent = times.agent and blocks.session_id = times.session_id
where times.active_s is distinct from blocks.blocks_s or times.gaps + 1 is distinct from blocks.blocks
