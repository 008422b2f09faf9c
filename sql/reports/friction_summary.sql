-- The friction of a window in one pass: its kinds, those that cost most time first, each with the incident that shows
-- it best; then the projects; then all of it.
-- grain: one row per kind (category and signature; at most ten), one per project, one for all
-- key: grouped_by, category, signature, project
-- reads: sessions_in, friction, friction_rules
-- parameters: since, until, before_since, anchor
-- columns:
--   grouped_by: kind, project, all
--   category: kind of trouble; empty for projects and all
--   signature: message with paths, numbers and ids replaced; empty for projects and all
--   project: last part of the source's first working directory; empty for kinds, all, and sources without one
--   kinds: number of kinds
--   incidents: number of incidents
--   sessions: sessions touched
--   incidents_before: incidents in the window before, which begins at before_since; null when that is null
--   lost_s: time lost, seconds; null when no incident tells
--   lost_incidents: incidents whose lost time is known
--   rule_id: rule that found the shown incident
--   tool_name: tool of the shown incident
--   command: shell command line of the shown incident, bounded
--   evidence: text of the shown incident
--   session_id: session of the shown incident
--   source_line: line of the shown incident in its transcript
--   remedy: what usually helps, a sentence
with sessions as (from sessions_in(since, until, anchor)),
troubles as (from friction),
rules as (from friction_rules),
-- By activity the time of the incident decides alone; only by start do the sessions have to be known.
started as (select agent, session_id from sessions where anchor = 'start'),
-- Only these columns: others of the view cost more to find.
placed as materialized (
  select
    incident_id,
    agent,
    session_id,
    ts,
    category,
    coalesce(signature, '') as signature,
    coalesce(project, '') as project,
    rule_id,
    tool_name,
    command,
    evidence,
    source_line,
    lost_s,
    in_window(ts, since, until)
      and case when anchor = 'start' then (agent, session_id) in (from started) else true end as inside,
    coalesce(ts >= before_since and ts < since, false) as earlier
  from troubles
),
grouped as (
  select
    case grouping(category, project) when 1 then 'kind' when 2 then 'project' else 'all' end as grouped_by,
    category,
    signature,
    project,
    count(distinct (category, signature)) filter (inside) as kinds,
    count(*) filter (inside) as incidents,
    count(distinct (agent, session_id)) filter (inside) as sessions,
    count(*) filter (earlier) as earlier_incidents,
    sum(lost_s) filter (inside) as lost_s,
    count(lost_s) filter (inside) as lost_incidents
  from placed
  group by grouping sets ((category, signature), (project), ())
),
ranked as (
  select
    *,
    row_number() over (
      partition by grouped_by
      order by lost_s desc nulls last, sessions desc, incidents desc, category, signature, project
    ) as rank
  from grouped
  where incidents > 0 or grouped_by = 'all'
),
-- The one that cost most, then the latest; the id decides between equals.
shown as (
  select *
  from placed
  where inside
  qualify
    row_number() over (
      partition by category, signature
      order by evidence is null, lost_s desc nulls last, ts desc nulls last, incident_id
    ) = 1
)
select
  ranked.grouped_by,
  coalesce(ranked.category, '') as category,
  coalesce(ranked.signature, '') as signature,
  coalesce(ranked.project, '') as project,
  ranked.kinds,
  ranked.incidents,
  ranked.sessions,
  case when before_since is not null then ranked.earlier_incidents end as incidents_before,
  ranked.lost_s,
  ranked.lost_incidents,
  shown.rule_id,
  shown.tool_name,
  shown.command,
  shown.evidence,
  shown.session_id,
  shown.source_line,
  rules.remedy
from ranked
left join shown
  on ranked.grouped_by = 'kind' and shown.category = ranked.category and shown.signature = ranked.signature
left join rules on rules.rule_id = shown.rule_id
where ranked.grouped_by <> 'kind' or ranked.rank <= 10
order by case ranked.grouped_by when 'kind' then 1 when 'project' then 2 else 3 end, ranked.rank
