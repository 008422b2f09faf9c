-- Command runs as their progress reports tell them, each with the shell call that it belongs to. Reports name their call;
-- those of a sub-agent's commands name the call that started the sub-agent, and then the command is the one of another
-- thread that was running at the time: called before the run began, and answered right after its last report.
-- grain: one row per command run with a progress report
-- key: event_id
-- reads: intermediate.progress_runs, intermediate.call_results, seeds.thresholds
-- columns:
--   event_id: identity of the run's first report
--   call_event_id: identity of the shell call; null when it is not known
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: thread of the first report
--   call_id: the call that the reports name; null when they name none
--   run: place of the run among the runs of the call, from 1
--   runs: number of runs under the call
--   begun_at: when the command began
--   reported_at: time of the last report
--   elapsed_s: the largest number of seconds reported; null when no report has a usable one
--   updates: number of reports
--   output: text of the last report
--   user: the person
--   project: last part of the source's first working directory
--   source_id: the source of the first report
--   source_line: line of the first report in its source
with runs as (from intermediate.progress_runs),
calls as not materialized (from intermediate.call_results),
thresholds as (from seeds.thresholds),
limits as (select value as same_start_s from thresholds where name = 'same_start_s'),
named as (
  select runs.*, shell_calls.event_id as named_event_id
  from runs
  left join calls as shell_calls
    on
      shell_calls.call_id = runs.call_id
      and shell_calls.session_id = runs.session_id
      and shell_calls.agent = runs.agent
      and shell_calls.tool_kind = 'shell'
),
-- A run without a call of its own goes to the one that was answered soonest after its last report.
surrounded as (
  select
    named.*,
    shell_calls.event_id as near_event_id,
    abs(epoch_us(shell_calls.ended_at) - epoch_us(named.reported_at)) as distance_us
  from named
  cross join limits
  left join calls as shell_calls
    on
      shell_calls.session_id = named.session_id
      and shell_calls.agent = named.agent
      and shell_calls.thread_id <> named.thread_id
      and shell_calls.tool_kind = 'shell'
      and named.named_event_id is null
      and epoch_us(shell_calls.started_at) <= epoch_us(named.begun_at) + limits.same_start_s * 1000000
      and abs(epoch_us(shell_calls.ended_at) - epoch_us(named.reported_at)) <= 2 * limits.same_start_s * 1000000
  qualify row_number() over (partition by named.event_id order by distance_us, near_event_id) = 1
),
-- And each call takes one run only, the nearest, or those that name it.
claimed as (
  select
    *,
    coalesce(named_event_id, near_event_id) as wanted_event_id,
    row_number() over (
      partition by wanted_event_id order by named_event_id is null, distance_us, event_id
    ) as claim
  from surrounded
)
select
  event_id,
  case when named_event_id is not null or claim = 1 then wanted_event_id end as call_event_id,
  agent,
  session_id,
  thread_id,
  call_id,
  if(named_event_id is null and call_event_id is not null, 1, run) as run,
  if(named_event_id is null and call_event_id is not null, 1, runs) as runs,
  begun_at,
  reported_at,
  elapsed_s,
  updates,
  output,
  "user",
  project,
  source_id,
  source_line
from claimed
