-- Incidents that cost a session time or failed, each with its evidence, and what the register of fixes says of it.
-- Found from the outcomes of tool calls, their exit codes and the output of failed ones, from interrupts, API errors,
-- compactions and prompts, and from the time that commands ran; never from the text of a result that is fine.
-- grain: one row per incident
-- key: incident_id
-- reads: intermediate.incidents, intermediate.fix_matches, intermediate.session_timelines
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
--     succeeds (tries further apart than the limit, or with a prompt between, count nothing); from an API error to the
--     answer; of a retry loop that nothing made good its whole span; of a slow command what is beyond the limit; null
--     where nothing tells, and for what a person stopped
--   resolved: a later try succeeded, an answer came, a slow command ended well; null for stops and compactions
--   fix_status: `open`; `pre_fix`: it happened before its fix, in a session that began before it;
--     `after_fix_in_old_session`: after the fix, in a session that began before it; `reopened`: its session began after
--     the fix. With the anchor `event` the incident's own time decides, and only `pre_fix` and `reopened` occur
--   fix_id: the fix that the status is about; null when open
-- Not materialized: a query that names few columns or a window reads no more of the incidents.
with incidents as (from intermediate.incidents),
matching as materialized (from intermediate.fix_matches),
timelines as (from intermediate.session_timelines),
starts as (select agent, session_id, make_timestamptz(first_us) as started_at from timelines),
judged as (
  select
    matching.incident_id,
    matching.fix_id,
    matching.fixed_at,
    if(setting_fix_anchor() = 'event', matching.ts, starts.started_at) >= matching.fixed_at as began_after,
    matching.ts >= matching.fixed_at as happened_after
  from matching
  left join starts using (agent, session_id)
),
-- The newest fix that the session should have had; else the first one that came too late for it.
decided as (
  select
    *,
    case
      when began_after then 'reopened'
      when happened_after then 'after_fix_in_old_session'
      when happened_after is not null then 'pre_fix'
    end as fix_status
  from judged
  qualify
    row_number() over (
      partition by incident_id
      order by coalesce(began_after, false) desc,
        if(began_after, -epoch_us(fixed_at), epoch_us(fixed_at)), fix_id
    ) = 1
)
select
  incidents.*,
  coalesce(decided.fix_status, 'open') as fix_status,
  if(decided.fix_status is null, null, decided.fix_id) as fix_id
from incidents
left join decided using (incident_id)
