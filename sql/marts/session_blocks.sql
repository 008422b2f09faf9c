-- Blocks of activity of each session: the stretches between its gaps. They sum to active_s.
-- grain: one row per block
-- key: agent, session_id, block_start
-- reads: intermediate.blocks_in
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   block_start: first event of the block
--   block_end: last event of the block
--   block_s: length of the block, seconds; 0 for a single event
select agent, session_id, block_start, block_end, seconds(block_us) as block_s
from intermediate.blocks_in(null, null)
