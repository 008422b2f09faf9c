-- Results of commands that failed only in that they answered no: `grep` that found nothing, `diff` that found
-- something.
-- grain: one row per such result
-- key: result_event_id
-- reads: staging.events, seeds.quiet_programs
-- columns:
--   result_event_id: identity of the result
with events as not materialized (from staging.events),
programs as (from seeds.quiet_programs),
answers as (select list(program || '=' || exit_code) as known from programs),
results as (
  select event_id, agent, session_id, call_id, exit_code, coalesce(text_bytes, 0) > 20 as printed
  from events
  where kind = 'tool_result' and outcome = 'error' and exit_code > 0
),
calls as (
  select agent, session_id, call_id, command
  from events
  where kind = 'tool_call' and tool_kind = 'shell'
),
failed as (
  select
    results.event_id,
    results.exit_code,
    unnest(answering_programs(min(calls.command), results.printed)) as program
  from results
  join calls
    on calls.call_id = results.call_id and calls.session_id = results.session_id and calls.agent = results.agent
  group by results.event_id, results.exit_code, results.printed
)
select distinct failed.event_id as result_event_id -- a chain names several programs
from failed
cross join answers
where list_contains(answers.known, failed.program || '=' || failed.exit_code)
