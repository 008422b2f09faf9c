-- The rules that name friction, with what usually helps: the package's and the person's own.
-- grain: one row per rule
-- key: rule_id
-- reads: seeds.friction_rules
-- columns:
--   rule_id: name of the rule
--   category: kind of trouble; `none` says what is no friction
--   subtype: refines the category
--   remedy: what usually helps, a sentence
--   label: label for an issue about it
with rules as (from seeds.friction_rules)
select rule_id, category, subtype, remedy, label
from rules
