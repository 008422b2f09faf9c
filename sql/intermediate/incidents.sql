-- Incidents that cost a session time or failed, each with its evidence, before fixes are looked at. Found from the
-- outcomes of tool calls, their exit codes and the output of failed ones, from interrupts, API errors and compactions,
-- and from the time that commands ran; never from the text of a result that is fine.
-- grain: one row per incident
-- key: incident_id
-- reads: intermediate.ruled_troubles, intermediate.timeline_in, seeds.thresholds
-- kept: friction and what fixes changed both begin with it
-- columns:
--   incident_id: stable identity, from the rule's category and the event
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   ts: when it showed
--   user: the person
--   project: last part of the source's first working directory
--   category: tool_failure, permission, command_not_found, timeout, user_rejection, interrupt, retry_loop,
--     slow_command, context_overflow, api_error
--   subtype: finer kind
--   rule_id: the rule that named it (seeds.friction_rules)
--   signature: what the same trouble has in common: the message without paths, numbers and ids, or the command
--   tool_name: as written
--   tool_kind: kind of tool
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   outcome: as the result says
--   exit_code: exit code of the command
--   evidence: the line that shows it, at most 200 characters, not redacted
--   prompt_before: the last prompt of the session before it, at most 200 characters, not redacted
--   event_id: the result or event that shows it; for loops and slow commands the call or run
--   source_id: the source of that event
--   source_line: its line there
--   lost_s: seconds lost, pauses left out: from a failed call to the next try of the same thing when a later try
--     succeeds (tries further apart than the limit count nothing); from an API error to the answer; of a retry loop
--     that nothing made good its whole span; of a slow command what is beyond the limit; null where nothing tells, and
--     for what a person stopped
--   resolved: a later try succeeded, an answer came, a slow command ended well; null for stops and compactions
with troubles as materialized (from intermediate.ruled_troubles),
timeline as (from intermediate.timeline_in(null, null, setting_gap_s(), null)),
thresholds as (from seeds.thresholds),
gaps as (select agent, session_id, unnest(pauses) as pause from timeline),
limits as (select value as lost_limit_s from thresholds where name = 'lost_limit_s'),
paused as (
  select troubles.matches, troubles.event_id, sum(seconds(gaps.pause.to_us - gaps.pause.from_us)) as pause_s
  from troubles
  join gaps
    on
      gaps.agent = troubles.agent
      and gaps.session_id = troubles.session_id
      and gaps.pause.from_us >= epoch_us(troubles.lost_from)
      and gaps.pause.to_us <= epoch_us(troubles.lost_until)
  group by troubles.matches, troubles.event_id
),
measured as (
  select
    troubles.*,
    case
      when troubles.matches = 'run' then troubles.over_s
      when troubles.category in ('user_rejection', 'interrupt') then null
      else seconds_between(troubles.lost_from, troubles.lost_until) - coalesce(paused.pause_s, 0)
    end as active_s,
    plain_output(troubles.text) as message
  from troubles
  left join paused using (matches, event_id)
),
read as (
  select
    *,
    nullif(trim(plain_output(line)), '') as fitting_line,
    nullif(trim(regexp_extract(message, 'the user said:\s*([\s\S]*)$', 1)), '') as reason,
    nullif(trim(error_line(message)), '') as error_line
  from measured
),
worded as (
  select
    *,
    left(
      coalesce(fitting_line, told, reason, error_line, trim(last_line(message)), 'exit code ' || exit_code),
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
  case when matches = 'run' or active_s <= lost_limit_s then active_s end as lost_s,
  case when category in ('user_rejection', 'interrupt', 'context_overflow') then null else coalesce(resolved, false) end
    as resolved
from worded
cross join limits
