-- What became of each fix, the latest first.
-- grain: one row per fix
-- key: fix_id
-- reads: fix_effects
-- columns:
--   fix_id: the person's own name for it
--   title: what was repaired
--   fixed_at: when
--   verdict: helped, worse, no change seen, too little data, or matches nothing
--   incidents_before: matching incidents of the sessions before
--   incidents_after: matching incidents of the sessions after
--   calls_before: tool calls of the sessions before
--   calls_after: tool calls of the sessions after
--   per_100_calls_before: null without calls
--   per_100_calls_after: null without calls
--   ratio_low: lower end of the 95 % interval of the rate after over the rate before; null without calls
--   ratio_high: upper end
with effects as (from fix_effects)
select
  fix_id,
  title,
  fixed_at,
  verdict,
  incidents_before,
  incidents_after,
  calls_before,
  calls_after,
  per_100_calls_before,
  per_100_calls_after,
  ratio_low,
  ratio_high
from effects
order by fixed_at desc, fix_id
limit 20
