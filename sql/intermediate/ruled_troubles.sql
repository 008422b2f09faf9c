-- Troubles with the rule that names each: of the rules that fit, the one with the smallest priority. A rule fits by
-- what the trouble is, and where it says so by agent, kind of tool, exit code, the programs that the command runs, and
-- a line of the text (of a prompt: a sentence). Troubles that no rule fits are no friction.
-- grain: one row per trouble that a rule names
-- key: matches, event_id
-- reads: staging.events, intermediate.troubles, intermediate.spoken, seeds.friction_rules
-- columns:
--   matches: what the trouble is, as the rules call it: result, interrupt, api_error, compaction, continuation, loop,
--     run, prompt
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
spoken as (from intermediate.spoken),
friction_rules as (from seeds.friction_rules),
rules as materialized (
  select
    * exclude (agents, tool_kinds, exit_codes, command_words, words, alone),
    coalesce(alone, false) as alone,
    unnest(string_split(outcomes, ' ')) as sort,
    string_split(agents, ' ') as agents,
    string_split(tool_kinds, ' ') as kinds,
    [cast(code as integer) for code in string_split(exit_codes, ' ')] as codes,
    string_split(coalesce(command_words, ''), '|') as command_words,
    string_split(coalesce(words, ''), '|') as words
  from friction_rules
),
-- Which commands run the programs that rules ask for. Every program call is looked at once, and words come first, for
-- speed.
asked_words as (
  select list(distinct word) as words
  from (select unnest(command_words) as word from rules where command is not null)
),
commands as (
  select
    hash(command) as command_id,
    any_value(command) as command,
    any_value(lower(left(command, 2000))) as lower_command
  from troubles
  where matches = 'result' and command is not null
  group by command_id
),
split_commands as (
  select commands.command_id, string_split(bare_commands(commands.command), '; ') as programs
  from commands
  cross join asked_words
  where len([word for word in asked_words.words if contains(commands.lower_command, word)]) > 0
),
program_calls as materialized (
  select command_id, left(call, 200) as call, regexp_matches(call, setup_or_filter()) as is_setup
  from (select command_id, unnest(programs) as call from split_commands)
),
command_patterns as (
  select distinct command_words, command as pattern -- rules share patterns
  from rules
  where command is not null
),
distinct_calls as (select call, lower(call) as lower_call from program_calls group by call),
likely_calls as (
  select distinct_calls.call, command_patterns.pattern
  from distinct_calls
  join command_patterns
    on len([word for word in command_patterns.command_words if contains(distinct_calls.lower_call, word)]) > 0
),
fitting_calls as (
  select pattern, unnest(fitting_lines(list(call), pattern)) as call
  from likely_calls
  group by pattern
),
fitting_commands as materialized (
  select
    program_calls.command_id,
    fitting_calls.pattern,
    count(fitting_calls.call) = count(*) filter (not program_calls.is_setup) as is_alone
  from program_calls
  join fitting_calls using (call)
  group by program_calls.command_id, fitting_calls.pattern
),
candidates as materialized (
  select troubles.matches, troubles.event_id, troubles.text_event_id, rules.rule_id
  from (select *, hash(command) as command_id from troubles) as troubles
  join rules using (matches, sort)
  left join fitting_commands
    on fitting_commands.command_id = troubles.command_id and fitting_commands.pattern = rules.command
  where
    (rules.agents is null or list_contains(rules.agents, troubles.agent))
    and (rules.kinds is null or list_contains(rules.kinds, troubles.tool_kind))
    and (rules.codes is null or list_contains(rules.codes, troubles.exit_code))
    and case
      when rules.command is null then true
      -- Of a command that is not known, the text decides.
      when troubles.command is null then rules.pattern is not null
      else fitting_commands.is_alone or (fitting_commands.is_alone is not null and not rules.alone)
    end
),
-- The only texts that are read.
wanted as (select distinct text_event_id as event_id from candidates where matches <> 'prompt'), -- several rules may fit
texts as materialized (
  select event_id, text, lower(text) as lower_text
  from events
  semi join wanted using (event_id)
  where kind in ('interrupt', 'system', 'summary', 'api_error', 'tool_result')
  union all
  select event_id, said, lower(said)
  from spoken
  where said is not null
),
worded as (select distinct rule_id, pattern, not_pattern, unnest(words) as word from rules where pattern is not null),
-- Words first, for speed: a pattern is tried only on the lines that hold one of its rule's words.
hits as materialized (
  select
    candidates.matches,
    candidates.event_id,
    candidates.text_event_id,
    worded.rule_id,
    worded.pattern,
    worded.not_pattern,
    worded.word
  from candidates
  join texts on texts.event_id = candidates.text_event_id
  join worded using (rule_id)
  where contains(texts.lower_text, worded.word)
),
searched as (select distinct matches = 'prompt' as is_prompt, text_event_id from hits), -- several rules search one text
read as (
  select
    searched.text_event_id,
    string_split(if(is_prompt, first_sentences(texts.text), plain_output(texts.text)), E'\n') as lines
  from searched
  join texts on texts.event_id = searched.text_event_id
),
lines as materialized (
  select
    hits.matches,
    hits.event_id,
    hits.rule_id,
    hits.pattern,
    hits.not_pattern,
    unnest([
      {'line': left(line, 1000), 'place': place} for line, place in read.lines if contains(lower(line), hits.word)
    ], recursive := true)
  from hits
  join read using (text_event_id)
),
fitting_words as (
  select pattern, unnest(fitting_lines(list(distinct line), pattern)) as line
  from lines
  group by pattern
),
fitting_exceptions as (
  select not_pattern, unnest(fitting_lines(list(distinct line), not_pattern)) as line
  from lines
  where not_pattern is not null
  group by not_pattern
),
by_pattern as (
  select lines.matches, lines.event_id, lines.rule_id, arg_min(lines.line, lines.place) as line
  from lines
  semi join fitting_words using (line, pattern)
  anti join fitting_exceptions using (line, not_pattern)
  group by lines.matches, lines.event_id, lines.rule_id
),
fitting as (
  select candidates.matches, candidates.event_id, candidates.rule_id, cast(null as varchar) as line
  from candidates
  join friction_rules using (rule_id)
  where friction_rules.pattern is null
  union all
  select matches, event_id, rule_id, line
  from by_pattern
),
-- Commands that a rule does not speak of, found only where everything else fits.
excluding as materialized (
  select command_id, pattern, unnest(string_split(bare_commands(any_value(command)), '; ')) as call
  from (
    select hash(troubles.command) as command_id, troubles.command, friction_rules.not_command as pattern
    from fitting
    join troubles using (matches, event_id)
    join friction_rules using (rule_id)
    where friction_rules.not_command is not null
  )
  group by command_id, pattern
),
excluding_calls as (
  select pattern, unnest(fitting_lines(list(distinct call), pattern)) as call
  from excluding
  group by pattern
),
excluded as (
  select distinct excluding.command_id, excluding.pattern -- a command has several calls
  from excluding
  semi join excluding_calls using (call, pattern)
),
chosen as (
  select
    fitting.matches,
    fitting.event_id,
    fitting.line,
    friction_rules.rule_id,
    friction_rules.category,
    friction_rules.subtype,
    friction_rules.signature_from
  from fitting
  join troubles using (matches, event_id)
  join friction_rules using (rule_id)
  left join excluded
    on excluded.command_id = hash(troubles.command) and excluded.pattern = friction_rules.not_command
  where excluded.pattern is null
  qualify
    row_number() over (
      partition by fitting.matches, fitting.event_id order by friction_rules.priority, rule_id
    ) = 1
),
failures as (select event_id from chosen where matches = 'result' and category <> 'none'),
-- A rule of category none says that there is no friction. A command that failed is one trouble, however long it took.
told as materialized (
  select
    troubles.*,
    chosen.rule_id,
    chosen.category,
    chosen.subtype,
    chosen.signature_from,
    chosen.line
  from troubles
  join chosen using (matches, event_id)
  where
    chosen.category <> 'none'
    and (matches <> 'run' or troubles.text_event_id is null or troubles.text_event_id not in (from failures))
),
-- Prompts and troubles of a session in order of time; a trouble comes after a prompt of the same moment, and a prompt
-- that is a trouble itself does not come before itself.
moments as (
  select agent, session_id, ts, event_id, event_id as prompt_event_id, null as matches
  from spoken
  union all
  select agent, session_id, ts, event_id, null as prompt_event_id, matches
  from told
  where ts is not null
),
prompted as (
  select
    matches,
    event_id,
    last_value(prompt_event_id ignore nulls) over (
      partition by agent, session_id
      order by ts, matches is not null and matches <> 'prompt', matches is null, event_id
      rows between unbounded preceding and current row
    ) as prompt_event_id
  from moments
  qualify matches is not null
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
  told.source_id,
  told.source_line,
  texts.text,
  prompts.beginning as prompt_before,
  told.rule_id,
  told.category,
  told.subtype,
  told.signature_from,
  told.line
from told
left join texts on texts.event_id = told.text_event_id
left join prompted on prompted.matches = told.matches and prompted.event_id = told.event_id
left join spoken as prompts on prompts.event_id = prompted.prompt_event_id
