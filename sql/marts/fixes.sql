-- The register of fixes: what was repaired, when, and which incidents should have ended with it.
-- grain: one row per fix
-- key: fix_id
-- reads: seeds.fixes
-- columns:
--   fix_id: the person's own name for it
--   title: what was repaired
--   fixed_at: when
--   category: incidents of this category, null for any
--   rule_id: incidents that this rule named, null for any
--   signature: incidents with this signature, null for any
--   pattern: regular expression on evidence and command, null for any
--   project: incidents of this project, null for any
--   issue: address of the issue
--   commit: the commit that repaired it
select fix_id, title, fixed_at, category, rule_id, signature, pattern, project, issue, commit
from seeds.fixes
