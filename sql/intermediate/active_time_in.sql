-- Active time of each session inside a window, for any threshold.
-- grain: one row per session with a timed event in the window
-- key: agent, session_id
-- reads: intermediate.timeline_in
-- parameters: since, until, threshold_s, ids
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   started_at: first event in the window
--   ended_at: last event in the window
--   active_s: time between first and last event without the gaps, seconds; null when the times of events are not known
--   active_capped_s: active_s with each gap counted as the threshold, seconds; null when active_s is
--   wall_s: time between first and last event, seconds
--   gaps: number of pauses longer than the threshold; null when active_s is
with timeline as (from intermediate.timeline_in(since, until, threshold_s, ids)),
measured as (
  select
    agent,
    session_id,
    first_us,
    last_us,
    last_us - first_us as wall_us,
    paused_us(pauses) as paused_us,
    len(pauses) as gaps
  from timeline
)
select
  agent,
  session_id,
  make_timestamptz(first_us) as started_at,
  make_timestamptz(last_us) as ended_at,
  seconds(wall_us - paused_us) as active_s,
  seconds(wall_us - paused_us + gaps * micros(threshold_s)) as active_capped_s,
  seconds(wall_us) as wall_s,
  gaps
from measured
