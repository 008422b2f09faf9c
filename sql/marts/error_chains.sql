-- Error, retry, error: tries of one thing in one thread, each soon after the one before it had failed, until one worked
-- or nobody tried again. A chain whose tries each follow a change of a file is work; one with enough tries and nothing
-- changed between them is a retry loop (retry_loops).
-- grain: one row per chain of at least two tries
-- key: first_event_id
-- reads: intermediate.attempts
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   user: the person
--   project: last part of the source's first working directory
--   tool_name: as written
--   tool_kind: kind of tool
--   signature: the command as all tries have it in common, or the tool's name with the file's
--   tries: number of tries
--   failures: number of tries that failed
--   after_change: tries that came after a file was changed
--   other_arguments: tries with other arguments and no file changed
--   same_again: tries with the same command and no file changed
--   started_at: call of the first try
--   ended_at: result of the last try
--   span_s: time between them, seconds
--   ended_in_success: the last try did what it was called for
--   has_loop: some of the tries are a retry loop
--   first_event_id: identity of the first try's call
--   last_event_id: identity of the last try's call
--   first_source_id: source of the first try's call
--   first_source_line: its line there
with attempts as (from intermediate.attempts)
select
  agent,
  session_id,
  thread_id,
  any_value("user") as "user",
  any_value(project) as project,
  tool_name,
  any_value(tool_kind) as tool_kind,
  call_signature(tool_name, arg_min(command, started_at), arg_min(file_path, started_at)) as signature,
  count(*) as tries,
  count(*) filter (failed) as failures,
  count(*) filter (changed = 'file') as after_change,
  count(*) filter (changed = 'arguments') as other_arguments,
  count(*) filter (changed = 'nothing') as same_again,
  min(started_at) as started_at,
  max(ended_at) as ended_at,
  seconds_between(min(started_at), max(ended_at)) as span_s,
  arg_max(outcome, (epoch_us(started_at), event_id)) = 'ok' as ended_in_success,
  bool_or(ends_loop) as has_loop,
  chain_event_id as first_event_id,
  arg_max(event_id, (epoch_us(started_at), event_id)) as last_event_id,
  arg_min(source_id, (epoch_us(started_at), event_id)) as first_source_id,
  arg_min(source_line, (epoch_us(started_at), event_id)) as first_source_line
from attempts
group by agent, session_id, thread_id, tool_name, chain_event_id
having count(*) > 1
