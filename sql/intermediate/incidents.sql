-- Incidents that cost a session time or failed, each with its evidence, before fixes are looked at. Found from the
-- outcomes of tool calls, their exit codes and their output where they failed or may hide a failure, from interrupts,
-- API errors and compactions, from the time that commands ran, and from prompts; never from the text of a result that
-- is fine.
-- grain: one row per incident
-- key: incident_id
-- reads: intermediate.ruled_troubles, intermediate.timeline_in, seeds.thresholds
-- stored: friction and what fixes changed both begin with it
-- columns:
--   incident_id: stable identity, from the rule's category and the event
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   ts: when it showed
--   user: the person
--   project: last part of the source's first working directory
--   category: tool_failure, permission, command_not_found, authentication, timeout, network, environment, data_sync,
--     edit_conflict, test_failure, user_rejection, user_confusion, interrupt, retry_loop, slow_command,
--     context_overflow, api_error, or one of the person's own rules
--   subtype: finer kind
--   rule_id: the rule that named it (seeds.friction_rules)
--   signature: what the same trouble has in common: the message without paths, numbers and ids, or the command
--   tool_name: as written
--   tool_kind: kind of tool
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   outcome: as the result says
--   exit_code: exit code of the command
--   evidence: the line that shows it, or what a person refused; at most 200 characters, not redacted
--   prompt_before: the last prompt of the session before it, at most 200 characters, not redacted
--   event_id: the result or event that shows it; for loops and slow commands the call or run
--   source_id: the source of that event
--   source_line: its line there
--   lost_s: seconds lost, pauses left out: from a failed call to the next try of the same thing when a later try
--     succeeds (tries further apart than the limit, or with a prompt between, count nothing); from an API error to the
--     answer; of a retry loop that nothing made good its whole span; of a slow command and one that timed out what is
--     beyond the limit. Time that several incidents of a session share counts for the first of them. Null where nothing
--     tells, and for what a person stopped
--   resolved: a later try succeeded, an answer came, a slow command ended well; null where that has no meaning
with troubles as materialized (from intermediate.ruled_troubles),
timeline as (from intermediate.timeline_in(null, null, setting_gap_s(), null)),
thresholds as (from seeds.thresholds),
pauses as (
  select agent, session_id, pause.from_us as from_us, pause.to_us as to_us
  from (select agent, session_id, unnest(pauses) as pause from timeline)
),
limits as (select value as lost_limit_s from thresholds where name = 'lost_limit_s'),
stretches as (
  select agent, session_id, matches, event_id, epoch_us(lost_from) as from_us, epoch_us(lost_until) as to_us
  from troubles
  where lost_until >= lost_from and category not in ('user_rejection', 'interrupt')
),
paused as (
  select stretches.matches, stretches.event_id, sum(pauses.to_us - pauses.from_us) as pause_us
  from stretches
  join pauses
    on
      pauses.agent = stretches.agent
      and pauses.session_id = stretches.session_id
      and pauses.from_us >= stretches.from_us
      and pauses.to_us <= stretches.to_us
  group by stretches.matches, stretches.event_id
),
counting as (
  select stretches.*
  from stretches
  left join paused using (matches, event_id)
  cross join limits
  where to_us - from_us - coalesce(pause_us, 0) <= lost_limit_s * 1000000 or matches = 'run'
),
-- In the order of their beginnings, what is left of each is what lies behind the end of all before it.
uncovered as (
  select
    agent,
    session_id,
    matches,
    event_id,
    to_us,
    least(
      to_us,
      greatest(
        from_us,
        coalesce(
          max(to_us) over (
            partition by agent, session_id
            order by from_us, to_us, matches, event_id
            rows between unbounded preceding and 1 preceding
          ),
          from_us
        )
      )
    ) as own_us
  from counting
),
own_paused as (
  select
    uncovered.matches,
    uncovered.event_id,
    sum(least(pauses.to_us, uncovered.to_us) - greatest(pauses.from_us, uncovered.own_us)) as pause_us
  from uncovered
  join pauses
    on
      pauses.agent = uncovered.agent
      and pauses.session_id = uncovered.session_id
      and pauses.from_us < uncovered.to_us
      and pauses.to_us > uncovered.own_us
  group by uncovered.matches, uncovered.event_id
),
lost as (
  select
    uncovered.matches,
    uncovered.event_id,
    seconds(uncovered.to_us - uncovered.own_us - coalesce(own_paused.pause_us, 0)) as lost_s
  from uncovered
  left join own_paused using (matches, event_id)
),
measured as (
  select troubles.*, lost.lost_s, if(matches = 'prompt', troubles.text, plain_output(troubles.text)) as message
  from troubles
  left join lost using (matches, event_id)
),
read as (
  select
    *,
    nullif(trim(line), '') as fitting_line,
    nullif(trim(regexp_extract(message, 'the user said:\s*([\s\S]*)$', 1)), '') as reason,
    nullif(trim(error_line(message)), '') as error_line,
    -- What a person refused says more than the words of the refusal.
    case
      when category = 'user_rejection' then
        concat_ws(
          ' - ',
          coalesce(
            nullif(trim(split_part(trim(command), E'\n', 1)), ''), concat_ws(' ', tool_name, file_path)
          ),
          reason
        )
      when matches = 'prompt' then trim(split_part(message, E'\n', 1))
    end as refused
  from measured
),
worded as (
  select
    *,
    left(
      coalesce(
        fitting_line, told, refused, error_line, trim(last_line(message)), 'exit code ' || exit_code
      ),
      200
    ) as evidence,
    -- Output of a command that names no error says nothing that others have in common.
    message_signature(coalesce(fitting_line, error_line, if(tool_kind = 'shell', null, evidence))) as from_message,
    nullif(call_signature(tool_name, command, file_path), '') as from_call,
    replace(category || ': ' || subtype, '_', ' ') as from_rule
  from read
)
select
  category || ':' || event_id as incident_id,
  agent,
  session_id,
  thread_id,
  ts,
  "user",
  project,
  category,
  subtype,
  rule_id,
  case
    when signature_from = 'rule' then from_rule
    -- A bare `Error` is no message.
    when signature_from = 'message' and length(from_message) >= 10 then from_message
    else coalesce(from_call, from_message, from_rule)
  end as signature,
  tool_name,
  tool_kind,
  command,
  file_path,
  outcome,
  exit_code,
  evidence,
  prompt_before,
  event_id,
  source_id,
  source_line,
  lost_s,
  case
    when
      category in ('user_rejection', 'user_confusion', 'interrupt', 'context_overflow')
      or (matches = 'result' and outcome = 'ok')
      then null
    else coalesce(resolved, false)
  end as resolved
from worded
