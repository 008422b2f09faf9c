-- Troubles with the rule that names each: of the rules that fit, the one with the smallest priority. A rule fits by what
-- the trouble is, and where it says so by kind of tool, exit code, and a line of the text. Troubles that no rule fits
-- are no friction.
-- grain: one row per trouble that a rule names
-- key: matches, event_id
-- reads: staging.events, intermediate.troubles, seeds.friction_rules
-- columns:
--   matches: what the trouble is, as the rules call it: result, interrupt, api_error, compaction, loop, run
--   event_id: identity of the result, the event, the call, or the run
--   agent: the agent that wrote the transcript
--   session_id: the agent's own session id
--   thread_id: `main`, or the id of a sub-agent
--   ts: when it showed
--   user: the person
--   project: last part of the source's first working directory
--   tool_name: as written
--   tool_kind: kind of tool
--   command: shell command line, bounded
--   file_path: the file that the tool works on
--   outcome: as the result says
--   exit_code: exit code of the command
--   told: what happened, for loops and slow commands
--   lost_from: where lost time begins, for what knows it itself
--   lost_until: where it ends
--   resolved: for what knows it itself
--   over_s: seconds beyond the limit, for slow commands
--   source_id: the source of the event
--   source_line: its line there
--   text: what the result or event says, bounded
--   prompt_before: the last prompt of the session before it, at most 200 characters
--   rule_id: the rule
--   category: kind of friction
--   subtype: finer kind
--   signature_from: what its signature is made of: message, command, or the rule alone
--   line: the first line of the text that the rule's pattern fits; null for a rule without a pattern
with events as (from staging.events),
troubles as materialized (from intermediate.troubles),
friction_rules as (from seeds.friction_rules),
-- The only texts that are read: of prompts, of failed results and of events that are trouble by themselves.
texts as materialized (
  select event_id, agent, session_id, kind, ts, text
  from events
  where
    kind in ('prompt', 'interrupt', 'system', 'api_error')
    or (kind = 'tool_result' and outcome in ('error', 'denied', 'rejected', 'interrupted', 'timeout', 'hook_blocked'))
),
prompts as (
  select troubles.matches, troubles.event_id, max_by(left(texts.text, 200), (texts.ts, texts.event_id)) as prompt_before
  from troubles
  join texts
    on
      texts.agent = troubles.agent
      and texts.session_id = troubles.session_id
      and texts.kind = 'prompt'
      and texts.ts <= troubles.ts
  group by troubles.matches, troubles.event_id
),
told as (
  select troubles.* exclude (text_event_id), texts.text, prompts.prompt_before
  from troubles
  left join texts on texts.event_id = troubles.text_event_id
  left join prompts on prompts.matches = troubles.matches and prompts.event_id = troubles.event_id
),
rules as (
  select
    rule_id,
    priority,
    category,
    subtype,
    signature_from,
    matches,
    unnest(string_split(outcomes, ' ')) as sort,
    string_split(tool_kinds, ' ') as tool_kinds,
    [cast(code as integer) for code in string_split(exit_codes, ' ')] as exit_codes,
    string_split(words, '|') as words,
    pattern
  from friction_rules
),
fitting as (
  select
    told.*,
    rules.rule_id,
    rules.priority,
    rules.category,
    rules.subtype,
    rules.signature_from,
    rules.words,
    rules.pattern
  from told
  join rules using (matches, sort)
  where
    (rules.tool_kinds is null or list_contains(rules.tool_kinds, told.tool_kind))
    and (rules.exit_codes is null or list_contains(rules.exit_codes, told.exit_code))
    -- The words are there for speed: only a text and a line that hold one of them are tried against the pattern.
    and (rules.words is null or len([word for word in rules.words if contains(lower(told.text), word)]) > 0)
),
read as (
  select
    *,
    case
      when pattern is not null then
        [
          line
          for line in string_split(text, E'\n')
          if len([word for word in words if contains(lower(line), word)]) > 0 and regexp_matches(line, pattern, 'i')
        ][1]
    end as line
  from fitting
)
select * exclude (sort, priority, words, pattern)
from read
where pattern is null or line is not null
qualify row_number() over (partition by matches, event_id order by priority, rule_id) = 1
