-- Blocks of activity inside a window: the stretches between the pauses that are longer than the configured threshold.
-- grain: one row per block
-- key: agent, session_id, block_start
-- reads: intermediate.session_times_in, intermediate.session_timelines
-- parameters: since, until
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   block_start: first event of the block
--   block_end: last event of the block
--   block_us: length of the block, microseconds
with timelines as (from intermediate.session_timelines),
times_in as (from intermediate.session_times_in(since, until)),
timeline as (
  from timelines
  where since is null and until is null
  union all
  from times_in
  where since is not null or until is not null
),
edges as (
  select
    agent,
    session_id,
    unnest(block_starts_us(first_us, pauses)) as start_us,
    unnest(block_ends_us(pauses, last_us)) as end_us
  from timeline
  where pauses is not null
)
select
  agent,
  session_id,
  make_timestamptz(start_us) as block_start,
  make_timestamptz(end_us) as block_end,
  end_us - start_us as block_us
from edges
