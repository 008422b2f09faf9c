-- Command runs as their progress reports tell them. Reports are cumulative: each repeats the seconds since its command
-- began, so a run's time is the largest of them, never their sum. A call has several runs where a sub-agent's commands
-- are booked under the call that started it: a new run begins where the counter restarts or the seconds fall, and the
-- moment of its beginning moves with them (reports that merely arrived out of order keep it).
-- Progress of other tools (sub-agents, hooks, MCP servers) tells of no command.
-- grain: one row per command run with a progress report
-- key: event_id
-- reads: staging.events, seeds.thresholds
-- columns:
--   event_id: identity of the run's first report
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: thread of the first report
--   call_id: the call that the reports name; null when they name none
--   run: place of the run among the runs of the call, from 1
--   runs: number of runs under the call
--   begun_at: when the command began: time of its first report less the seconds that it tells
--   reported_at: time of the last report
--   elapsed_s: the largest number of seconds reported; null when no report has a usable one
--   updates: number of reports
--   last_event_id: identity of the last report
--   user: the person
--   project: last part of the source's first working directory
--   source_id: the source of the first report
--   source_line: line of the first report in its source
with events as (from staging.events),
thresholds as (from seeds.thresholds),
limits as (select value as same_start_s from thresholds where name = 'same_start_s'),
reports as (
  select
    event_id,
    agent,
    session_id,
    thread_id,
    call_id,
    ts,
    progress_counter,
    "user",
    project,
    source_id,
    source_line,
    event_order('main', ts, seq, source_id) as place,
    -- Negative seconds are no measurement, but the report still counts.
    case when elapsed_s >= 0 then elapsed_s end as seconds_so_far,
    epoch_us(ts) - micros(seconds_so_far) as begun_us
  from events
  where kind = 'progress' and progress_type in ('bash_progress', 'powershell_progress')
),
compared as (
  select
    *,
    coalesce(
      abs(begun_us - lag(begun_us ignore nulls) over earlier) > same_start_s * 1000000
      and (
        progress_counter <= lag(progress_counter ignore nulls) over earlier
        or seconds_so_far < lag(seconds_so_far ignore nulls) over earlier
      ),
      false
    ) as restarts
  from reports
  cross join limits
  window earlier as (partition by agent, session_id, call_id order by place)
),
numbered as (
  select
    *,
    1 + count(*) filter (restarts) over (
      partition by agent, session_id, call_id
      order by place
      rows between unbounded preceding and current row
    ) as run,
    row_number() over (partition by agent, session_id, call_id order by place) as report
  from compared
),
collapsed as (
  select
    agent,
    session_id,
    call_id,
    run,
    arg_min(event_id, report) as event_id,
    arg_min(thread_id, report) as thread_id,
    make_timestamptz(arg_min(begun_us, report)) as begun_at,
    max(ts) as reported_at,
    max(seconds_so_far) as elapsed_s,
    count(*) as updates,
    arg_max(event_id, report) as last_event_id,
    arg_min("user", report) as "user",
    arg_min(project, report) as project,
    arg_min(source_id, report) as source_id,
    arg_min(source_line, report) as source_line
  from numbered
  group by agent, session_id, call_id, run
)
select
  event_id,
  agent,
  session_id,
  thread_id,
  call_id,
  run,
  count(*) over (partition by agent, session_id, call_id) as runs,
  begun_at,
  reported_at,
  elapsed_s,
  updates,
  last_event_id,
  "user",
  project,
  source_id,
  source_line
from collapsed
