-- Blocks of activity cut at midnight of the configured zone. The pieces of a block sum to the block.
-- grain: one row per block and day that it touches
-- key: agent, session_id, block_start, day
-- reads: intermediate.blocks_in
-- parameters: since, until
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   block_start: first event of the block
--   day: date in the configured zone
--   active_us: length of the piece, microseconds
with blocks as (from intermediate.blocks_in(since, until)),
touched as (
  select
    agent,
    session_id,
    block_start,
    block_end,
    cast(unnest(range(
      cast(local_day(block_start) as timestamp),
      cast(local_day(block_end) as timestamp) + interval 1 day,
      interval 1 day
    )) as date) as day
  from blocks
)
select
  agent,
  session_id,
  block_start,
  day,
  epoch_us(least(block_end, day_start(day + 1))) - epoch_us(greatest(block_start, day_start(day))) as active_us
from touched
