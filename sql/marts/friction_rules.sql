-- The rules that name friction, with what usually helps.
-- grain: one row per rule
-- key: rule_id
-- reads: seeds.friction_rules
-- columns:
--   rule_id: name of the rule
--   category: kind of trouble
--   subtype: refines the category
--   remedy: what usually helps, a sentence
with rules as (from seeds.friction_rules)
select rule_id, category, subtype, remedy
from rules
