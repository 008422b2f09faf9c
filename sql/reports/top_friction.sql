-- Kinds of trouble in a window, those that cost most time first, each with the incident that shows it best.
-- grain: one row per category and signature
-- key: category, signature
-- reads: sessions_in, friction, friction_rules
-- parameters: since, until, before_since, anchor
-- columns:
--   category: kind of trouble
--   rule_id: rule that found the shown incident
--   signature: message with paths, numbers and ids replaced
--   incidents: number of incidents
--   sessions: sessions touched
--   incidents_before: incidents in the window before, which begins at before_since; null when that is null
--   lost_s: time lost, seconds; null when no incident tells
--   lost_incidents: incidents whose lost time is known
--   tool_name: tool of the shown incident
--   command: shell command line of the shown incident, bounded
--   evidence: text of the shown incident
--   session_id: session of the shown incident
--   source_line: line of the shown incident in its transcript
--   remedy: what usually helps, a sentence
--   all_kinds: number of kinds, also those that are not listed
--   all_incidents: incidents of all kinds
--   all_sessions: sessions touched by any kind
--   all_lost_s: time lost by all kinds, seconds; null when no incident tells
with sessions as (from sessions_in(since, until, anchor)),
troubles as (from friction),
rules as (from friction_rules),
-- By activity the time of the incident decides alone; only by start do the sessions have to be known.
started as (select agent, session_id from sessions where anchor = 'start'),
named as (select * replace (coalesce(signature, '') as signature) from troubles),
incidents as (
  select *
  from named
  where
    in_window(ts, since, until)
    and case when anchor = 'start' then (agent, session_id) in (from started) else true end
),
earlier as (
  select category, signature, count(*) as incidents
  from named
  where ts >= before_since and ts < since
  group by category, signature
),
kinds as (
  select
    category,
    signature,
    count(*) as incidents,
    count(distinct (agent, session_id)) as sessions,
    sum(lost_s) as lost_s,
    count(lost_s) as lost_incidents
  from incidents
  group by category, signature
),
-- The one that cost most, then the latest; the id decides between equals.
shown as (
  from incidents
  qualify
    row_number() over (
      partition by category, signature
      order by evidence is null, lost_s desc nulls last, ts desc nulls last, incident_id
    ) = 1
),
overall as (
  select
    count(distinct (category, signature)) as kinds,
    count(*) as incidents,
    count(distinct (agent, session_id)) as sessions,
    sum(lost_s) as lost_s
  from incidents
)
select
  kinds.category,
  shown.rule_id,
  kinds.signature,
  kinds.incidents,
  kinds.sessions,
  case when before_since is not null then coalesce(earlier.incidents, 0) end as incidents_before,
  kinds.lost_s,
  kinds.lost_incidents,
  shown.tool_name,
  shown.command,
  shown.evidence,
  shown.session_id,
  shown.source_line,
  rules.remedy,
  overall.kinds as all_kinds,
  overall.incidents as all_incidents,
  overall.sessions as all_sessions,
  overall.lost_s as all_lost_s
from kinds
join shown on shown.category = kinds.category and shown.signature = kinds.signature
left join earlier on earlier.category = kinds.category and earlier.signature = kinds.signature
left join rules on rules.rule_id = shown.rule_id
cross join overall
order by
  kinds.lost_s desc nulls last,
  kinds.sessions desc,
  kinds.incidents desc,
  kinds.category,
  kinds.signature
limit 10
