-- Troubles with the rule that names each: of the rules that fit, the one with the smallest priority. A rule fits by
-- what the trouble is, and where it says so by kind of tool, exit code, and a line of the text. Troubles that no rule
-- fits are no friction.
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
--   lost_from: where lost time begins
--   lost_until: where it ends
--   resolved: a later try succeeded, an answer came, a slow command ended well; null where that has no meaning
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
with events as not materialized (from staging.events),
troubles as materialized (from intermediate.troubles),
friction_rules as (from seeds.friction_rules),
-- Prompts and troubles of a session in order of time; a trouble comes after a prompt of the same moment.
moments as (
  select agent, session_id, ts, event_id, event_id as prompt_event_id, null as matches
  from events
  where kind = 'prompt' and ts is not null
  union all
  select agent, session_id, ts, event_id, null as prompt_event_id, matches
  from troubles
  where ts is not null
),
prompted as (
  select
    matches,
    event_id,
    last_value(prompt_event_id ignore nulls) over (
      partition by agent, session_id order by ts, matches is not null, event_id
    ) as prompt_event_id
  from moments
  qualify matches is not null
),
-- The only texts that are read.
wanted as (
  select text_event_id as event_id from troubles
  union
  select prompt_event_id from prompted
),
texts as materialized (
  select event_id, text
  from events
  semi join wanted using (event_id)
  -- The texts of what can be no trouble are not even looked at.
  where
    kind in ('prompt', 'interrupt', 'system', 'api_error')
    or (kind = 'tool_result' and outcome in ('error', 'denied', 'rejected', 'interrupted', 'timeout', 'hook_blocked'))
),
told as materialized (
  select
    troubles.* exclude (text_event_id),
    texts.text,
    lower(texts.text) as lower_text,
    left(prompts.text, 200) as prompt_before
  from troubles
  left join texts on texts.event_id = troubles.text_event_id
  left join prompted on prompted.matches = troubles.matches and prompted.event_id = troubles.event_id
  left join texts as prompts on prompts.event_id = prompted.prompt_event_id
),
rules as (
  select
    *,
    unnest(string_split(outcomes, ' ')) as sort,
    string_split(tool_kinds, ' ') as kinds,
    [cast(code as integer) for code in string_split(exit_codes, ' ')] as codes
  from friction_rules
),
worded as (select *, unnest(string_split(words, '|')) as word from rules where pattern is not null),
-- Words first, for speed: a pattern is tried only on the lines that hold one of its rule's words.
hits as (
  select
    told.matches,
    told.event_id,
    told.text,
    worded.rule_id,
    worded.pattern,
    unnest([line for line in string_split(told.text, E'\n') if contains(lower(line), worded.word)]) as line
  from told
  join worded using (matches, sort)
  where
    contains(told.lower_text, worded.word)
    and (worded.kinds is null or list_contains(worded.kinds, told.tool_kind))
    and (worded.codes is null or list_contains(worded.codes, told.exit_code))
),
-- Each line once, for speed: the same messages come again and again, and a pattern is compiled for every row.
lines as (select distinct line, pattern from hits),
fitting_lines as (from lines where regexp_matches(line, pattern, 'i')),
by_pattern as (
  select matches, event_id, rule_id, arg_min(line, instr(text, line)) as line
  from hits
  semi join fitting_lines using (line, pattern)
  group by matches, event_id, rule_id
),
fitting as (
  select told.matches, told.event_id, rules.rule_id, cast(null as varchar) as line
  from told
  join rules using (matches, sort)
  where
    rules.pattern is null
    and (rules.kinds is null or list_contains(rules.kinds, told.tool_kind))
    and (rules.codes is null or list_contains(rules.codes, told.exit_code))
  union all
  select matches, event_id, rule_id, line
  from by_pattern
),
chosen as (
  select fitting.*, friction_rules.category, friction_rules.subtype, friction_rules.signature_from
  from fitting
  join friction_rules using (rule_id)
  qualify
    row_number() over (
      partition by fitting.matches, fitting.event_id order by friction_rules.priority, rule_id
    ) = 1
)
select
  told.matches,
  told.event_id,
  told.agent,
  told.session_id,
  told.thread_id,
  told.ts,
  told."user",
  told.project,
  told.tool_name,
  told.tool_kind,
  told.command,
  told.file_path,
  told.outcome,
  told.exit_code,
  told.told,
  told.lost_from,
  told.lost_until,
  told.resolved,
  told.over_s,
  told.source_id,
  told.source_line,
  told.text,
  told.prompt_before,
  chosen.rule_id,
  chosen.category,
  chosen.subtype,
  chosen.signature_from,
  chosen.line
from told
join chosen using (matches, event_id)
