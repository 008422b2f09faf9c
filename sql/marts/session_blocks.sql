-- Blocks of activity of each session: the stretches between its gaps. They sum to active_s.
-- grain: one row per block
-- key: agent, session_id, block_start
-- reads: intermediate.session_timelines
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   block_start: first event of the block
--   block_end: last event of the block
--   block_s: length of the block, seconds; 0 for a single event
with timelines as (from intermediate.session_timelines),
edges as (
  select
    agent,
    session_id,
    unnest(block_starts_us(first_us, pauses)) as start_us,
    unnest(block_ends_us(pauses, last_us)) as end_us
  from timelines
  where pauses is not null
)
select
  agent,
  session_id,
  make_timestamptz(start_us) as block_start,
  make_timestamptz(end_us) as block_end,
  seconds(end_us - start_us) as block_s
from edges
