-- Incidents that a fix should have ended, whenever they happened.
-- grain: one row per fix and incident that it matches
-- key: fix_id, incident_id
-- reads: intermediate.incidents, seeds.fixes
-- columns:
--   fix_id: the fix
--   fixed_at: when it was made
--   incident_id: the incident
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   ts: when the incident showed
with incidents as (from intermediate.incidents),
fixes as (from seeds.fixes)
select
  fixes.fix_id,
  fixes.fixed_at,
  incidents.incident_id,
  incidents.agent,
  incidents.session_id,
  incidents.ts
from incidents
join fixes
  on
    (fixes.category is null or fixes.category = incidents.category)
    and (fixes.rule_id is null or fixes.rule_id = incidents.rule_id)
    and (fixes.signature is null or fixes.signature = incidents.signature)
    and (
      fixes.pattern is null
      or regexp_matches(concat_ws(E'\n', incidents.evidence, incidents.command), fixes.pattern, 'i')
    )
    and (fixes.project is null or fixes.project = incidents.project)
    -- A project alone would call all its trouble fixed.
    and coalesce(fixes.category, fixes.rule_id, fixes.signature, fixes.pattern) is not null
