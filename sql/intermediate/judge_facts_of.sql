-- What a judge need not be believed about: counts and last results of sessions, those of their sub-agents with them.
-- grain: one row per session that a person began
-- key: agent, session_id
-- reads: intermediate.call_results, intermediate.judge_events_of, intermediate.judge_families
-- parameters: ids
-- columns:
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   prompts: prompts that a person typed, main thread
--   tool_calls: tool calls
--   changes: calls that changed files: edits and writes that did not fail, commands that patch or write files
--   files_changed: different files among the edits and writes
--   commits: commands with a git commit that did not fail
--   errors: tool results with outcome error or timeout
--   denials: tool results with outcome denied or hook_blocked
--   rejections: tool results with outcome rejected: a person said no
--   interrupts: interruptions by a person
--   tests_run: test commands with a result
--   last_test: pass, fail, unclear or none: the last test command after the last change
--   last_build: the same of build commands
--   last_check_failed: files were changed, and of the tests and builds after that the last test failed, or the last
--     build, and no test passed after it
--   interrupted_at_end: a person interrupted within the last three events of the main thread
--   last_message_rejects: the last message of a person says that the work is wrong, and no change that a check confirms
--     came after it
--   last_change_us: time of the last change, microseconds since 1970; null without
with results as not materialized (from intermediate.call_results),
families as (from intermediate.judge_families),
shown as (from intermediate.judge_events_of(ids)),
calls as (
  select
    results.*,
    coalesce(families.root_session_id, results.session_id) as root_session_id,
    case when tool_kind = 'shell' then judge_check_kind(command) end as check_kind,
    outcome in ('ok', 'unknown')
    and (
      tool_kind in ('edit', 'write')
      or tool_kind = 'shell' and coalesce(judge_changes_files(command), false)
    ) as is_change
  from results
  left join families on families.agent = results.agent and families.session_id = results.session_id
  where in_ids(results.session_id, ids)
),
placed as (
  select
    *,
    row_number() over (
      partition by agent, root_session_id order by started_at nulls first, source_id, source_line, event_id
    ) as place,
    case when check_kind is not null then judge_check_result(outcome, command, output) end as check_result
  from calls
),
changed as (
  select
    *,
    coalesce(max(place) filter (is_change) over (partition by agent, root_session_id), 0) as last_change
  from placed
),
called as (
  select
    agent,
    root_session_id,
    count(*) as tool_calls,
    count(*) filter (is_change) as changes,
    count(distinct file_path) filter (is_change and tool_kind in ('edit', 'write')) as files_changed,
    count(*) filter (tool_kind = 'shell' and outcome in ('ok', 'unknown') and coalesce(judge_commits(command), false))
      as commits,
    count(*) filter (outcome in ('error', 'timeout')) as errors,
    count(*) filter (outcome in ('denied', 'hook_blocked')) as denials,
    count(*) filter (outcome = 'rejected') as rejections,
    count(*) filter (check_kind = 'test' and check_result is not null) as tests_run,
    arg_max(check_result, place) filter (check_kind = 'test' and place > last_change) as last_test,
    arg_max(check_result, place) filter (check_kind = 'build' and place > last_change) as last_build,
    max(place) filter (check_kind = 'test' and check_result is not null and place > last_change) as test_place,
    max(place) filter (check_kind = 'build' and check_result is not null and place > last_change) as build_place,
    epoch_us(max(started_at) filter (is_change)) as last_change_us
  from changed
  group by agent, root_session_id
),
talk as (
  select
    agent,
    root_session_id,
    kind,
    outcome,
    ts_us,
    case when kind = 'prompt' then text end as text,
    row_number() over (
      partition by agent, root_session_id order by ts_us desc nulls first, source_id desc, seq desc, event_id desc
    ) as from_end
  from shown
  where
    is_main
    and kind in ('prompt', 'reply', 'tool_call', 'tool_result', 'interrupt')
),
said as (
  select
    agent,
    root_session_id,
    count(*) filter (kind = 'prompt') as prompts,
    count(*) filter (kind = 'interrupt') as interrupts,
    coalesce(bool_or(from_end <= 3 and (kind = 'interrupt' or outcome = 'interrupted')), false) as interrupted_at_end,
    arg_min(text, from_end) filter (kind = 'prompt') as last_message,
    arg_min(ts_us, from_end) filter (kind = 'prompt') as last_message_us
  from talk
  group by agent, root_session_id
)
select
  said.agent,
  said.root_session_id as session_id,
  said.prompts,
  coalesce(called.tool_calls, 0) as tool_calls,
  coalesce(called.changes, 0) as changes,
  coalesce(called.files_changed, 0) as files_changed,
  coalesce(called.commits, 0) as commits,
  coalesce(called.errors, 0) as errors,
  coalesce(called.denials, 0) as denials,
  coalesce(called.rejections, 0) as rejections,
  said.interrupts,
  coalesce(called.tests_run, 0) as tests_run,
  coalesce(called.last_test, 'none') as last_test,
  coalesce(called.last_build, 'none') as last_build,
  coalesce(
    called.changes > 0
    and (
      called.last_test = 'fail'
      or called.last_build = 'fail'
      and not coalesce(called.last_test = 'pass' and called.test_place > called.build_place, false)
    ),
    false
  ) as last_check_failed,
  said.interrupted_at_end,
  said.prompts > 1
  and coalesce(judge_rejects(said.last_message), false)
  and not coalesce(
    called.last_change_us > said.last_message_us
    and (called.last_test = 'pass' or called.last_build = 'pass')
    and coalesce(called.last_test, '') <> 'fail',
    false
  ) as last_message_rejects,
  called.last_change_us
from said
left join called on called.agent = said.agent and called.root_session_id = said.root_session_id
