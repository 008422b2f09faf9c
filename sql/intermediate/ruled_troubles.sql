-- Troubles with the rule that names each: of the rules that fit, the one with the smallest priority. A rule fits by what
-- the trouble is, and where it says so by kind of tool, exit code, and a line of the text. Troubles that no rule fits
-- are no friction.
-- grain: one row per trouble that a rule names
-- key: matches, event_id
-- reads: intermediate.troubles, seeds.friction_rules
-- columns:
--   matches: what the trouble is
--   event_id: identity of the result, the event, or the call
--   rule_id: the rule
--   line: the first line of the text that the rule's pattern fits; null for a rule without a pattern
with troubles as (select matches, sort, event_id, tool_kind, exit_code, text from intermediate.troubles),
rules as (
  select
    rule_id,
    priority,
    matches,
    unnest(string_split(outcomes, ' ')) as sort,
    string_split(tool_kinds, ' ') as tool_kinds,
    [cast(code as integer) for code in string_split(exit_codes, ' ')] as exit_codes,
    string_split(words, '|') as words,
    pattern
  from seeds.friction_rules
),
fitting as (
  select troubles.matches, troubles.event_id, troubles.text, rules.rule_id, rules.priority, rules.words, rules.pattern
  from troubles
  join rules using (matches, sort)
  where
    (rules.tool_kinds is null or list_contains(rules.tool_kinds, troubles.tool_kind))
    and (rules.exit_codes is null or list_contains(rules.exit_codes, troubles.exit_code))
),
-- The words are there for speed: only a line that holds one of them is tried against the pattern.
read as (
  select
    matches,
    event_id,
    rule_id,
    priority,
    pattern,
    case
      when pattern is not null and len([word for word in words if contains(lower(text), word)]) > 0 then
        [
          line
          for line in string_split(text, E'\n')
          if len([word for word in words if contains(lower(line), word)]) > 0 and regexp_matches(line, pattern, 'i')
        ][1]
    end as line
  from fitting
)
select matches, event_id, rule_id, line
from read
where pattern is null or line is not null
qualify row_number() over (partition by matches, event_id order by priority, rule_id) = 1
