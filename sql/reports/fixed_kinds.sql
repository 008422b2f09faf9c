-- Kinds of friction that a fix ended: every incident in the store began before a fix, in a session that did, too.
-- grain: one row per kind (category and signature)
-- key: category, signature
-- reads: friction
-- parameters: privacy
-- columns:
--   category: kind of trouble
--   signature: what it has in common, as the level of privacy lets it be shown
--   fix_id: the last of the fixes
with troubles as (from friction)
select
  category,
  shown_signature(category, signature, rule_id, privacy) as signature,
  max(fix_id) as fix_id
from troubles
group by all
having bool_and(fix_status in ('pre_fix', 'after_fix_in_old_session'))
order by all
