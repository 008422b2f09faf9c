-- Kinds of friction of a window that are worth an issue: open or come back, and in two sessions, or three incidents, or
-- ten minutes lost. What a person did (refusals, stops) is none, nor a typing mistake: a command that is not found, in
-- one session only, one letter away from a program that ran.
-- grain: one row per kind (category and signature)
-- key: category, signature
-- reads: sessions, session_blocks, friction, friction_rules, command_runs
-- parameters: since, until, before_since, anchor, privacy
-- columns:
--   category: kind of trouble
--   signature: what it has in common, as the level of privacy lets it be shown
--   subtype: finer kind of the latest incident
--   status: open, or reopened when an incident came after its fix
--   fix_id: the last of the fixes that incidents came after
--   incidents: incidents that are open or came back
--   incidents_before: incidents in the window before; null without one
--   sessions: sessions with such an incident
--   lost_s: time lost, seconds; null when none tells
--   lost_incidents: incidents whose lost time is known
--   resolved_incidents: incidents after which a later try succeeded
--   unresolved_incidents: incidents after which none did
--   first_at: the first of them
--   last_at: the last of them
--   projects: number of projects
--   agents: agents, sorted
--   tools: tools as written, sorted, at most five
--   exit_codes: exit codes, sorted, at most five
--   commands: the latest command lines, at most three
--   evidence: the latest texts, at most three
--   places: the latest incident of each session, at most ten: session_id and source_line
--   rule_id: rule of the latest incident
--   remedy: what usually helps, a sentence
with all_sessions as (from sessions),
troubles as (from friction),
blocks as (from session_blocks),
rules as (from friction_rules),
runs as (from command_runs),
-- Sessions that have no times of their own lie in no window but that of all time.
timed as (
  select agent, session_id from blocks group by agent, session_id
  union
  select agent, session_id from all_sessions where since is null and until is null
),
-- By activity the time of the incident decides alone; only by start do the sessions have to be known.
started as (
  select agent, session_id from all_sessions where anchor = 'start' and in_window(started_at, since, until)
),
named as (
  select
    *,
    shown_signature(category, signature, rule_id, privacy) as name,
    coalesce(ts >= before_since and ts < since, false) as earlier,
    in_window(ts, since, until)
      and fix_status in ('open', 'reopened')
      and case when anchor = 'start' then (agent, session_id) in (from started) else true end as inside
  from troubles
  semi join timed using (agent, session_id)
  where category not in ('user_rejection', 'interrupt') and in_window(ts, cast(coalesce(before_since, since) as timestamptz), until)
),
placed as materialized (
  select
    * exclude (prompt_before),
    case
      when category = 'command_not_found' then
        regexp_extract(
          coalesce(evidence, ''), '([\w.+-]+): (?:command )?not found|command not found: ([\w.+-]+)', ['a', 'b']
        )
    end as missing
  from named
  where inside or earlier
),
latest_of_sessions as (
  select category, name, session_id, source_line, ts, incident_id
  from placed
  where inside
  qualify row_number() over (partition by category, name, agent, session_id order by ts desc, incident_id) = 1
),
places as (
  select
    category,
    name,
    list({session_id: session_id, source_line: source_line} order by ts desc, incident_id)[:10] as places
  from latest_of_sessions
  group by category, name
),
texts as (
  select category, name, evidence, max(ts) as last_ts
  from placed
  where inside and evidence is not null
  group by category, name, evidence
),
evidence as (
  select category, name, list(evidence order by last_ts desc, evidence)[:3] as evidence
  from texts
  group by category, name
),
lines as (
  select category, name, command, max(ts) as last_ts
  from placed
  where inside and command is not null
  group by category, name, command
),
commands as (
  select category, name, list(command order by last_ts desc, command)[:3] as commands
  from lines
  group by category, name
),
counted as (
  select
    category,
    name,
    max(coalesce(nullif(missing.a, ''), nullif(missing.b, ''))) filter (inside) as missing,
    max_by(rule_id, (ts, incident_id)) filter (inside) as rule_id,
    max_by(subtype, (ts, incident_id)) filter (inside) as subtype,
    if(count(*) filter (inside and fix_status = 'reopened') > 0, 'reopened', 'open') as status,
    max(fix_id) filter (inside) as fix_id,
    count(*) filter (inside) as incidents,
    count(*) filter (earlier) as earlier_incidents,
    count(distinct (agent, session_id)) filter (inside) as sessions,
    sum(lost_s) filter (inside) as lost_s,
    count(lost_s) filter (inside) as lost_incidents,
    count(*) filter (inside and resolved) as resolved_incidents,
    count(*) filter (inside and not resolved) as unresolved_incidents,
    min(ts) filter (inside) as first_at,
    max(ts) filter (inside) as last_at,
    count(distinct project) filter (inside) as projects,
    list_sort(list(distinct agent) filter (inside)) as agents,
    list_sort(coalesce(list(distinct tool_name) filter (inside and tool_name is not null), []))[:5] as tools,
    list_sort(coalesce(list(distinct exit_code) filter (inside and exit_code is not null), []))[:5] as exit_codes
  from placed
  group by category, name
),
-- What ran, looked for only where something was not found.
programs as (
  select end_of_pipe(regexp_extract(without_lead(command), '^\S+')) as program
  from runs
  where
    outcome = 'ok'
    and command is not null
    and (select count(*) from counted where incidents > 0 and sessions = 1 and missing is not null) > 0
  group by all
),
worth as (
  select *
  from counted
  where
    incidents > 0
    and (sessions >= 2 or incidents >= 3 or lost_s >= 600)
    and not (
      sessions = 1
      and missing is not null
      and exists (from programs where damerau_levenshtein(programs.program, counted.missing) = 1)
    )
)
select
  worth.category,
  worth.name as signature,
  worth.subtype,
  worth.status,
  worth.fix_id,
  worth.incidents,
  if(before_since is null, null, worth.earlier_incidents) as incidents_before,
  worth.sessions,
  worth.lost_s,
  worth.lost_incidents,
  worth.resolved_incidents,
  worth.unresolved_incidents,
  worth.first_at,
  worth.last_at,
  worth.projects,
  worth.agents,
  worth.tools,
  worth.exit_codes,
  coalesce(commands.commands, []) as commands,
  coalesce(evidence.evidence, []) as evidence,
  places.places,
  worth.rule_id,
  rules.remedy
from worth
left join places using (category, name)
left join evidence using (category, name)
left join commands using (category, name)
left join rules on rules.rule_id = worth.rule_id
order by worth.lost_s desc nulls last, worth.sessions desc, worth.incidents desc, worth.category, worth.name
