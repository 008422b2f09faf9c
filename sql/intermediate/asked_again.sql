-- Prompts that ask again what the session was asked before: in other words a few prompts earlier, with no file changed
-- since and no failed request between, after which they only ask for another try (rephrased), or the third question on
-- one topic (repeated_question). Words are compared without code, quotes and common words; prompts that name different
-- numbers ask different things.
-- grain: one row per such prompt
-- key: event_id
-- reads: intermediate.spoken, intermediate.call_outcomes, intermediate.api_failures, seeds.common_words,
--   seeds.tool_kinds, seeds.thresholds
-- columns:
--   event_id: identity of the prompt
--   sort: rephrased or repeated_question
--   earlier_event_id: the prompt that it asks again
with spoken as (from intermediate.spoken),
outcomes as (from intermediate.call_outcomes),
api_failures as (from intermediate.api_failures),
common_words as (from seeds.common_words),
tool_kinds as (from seeds.tool_kinds),
thresholds as (from seeds.thresholds),
limits as (
  select
    max(value) filter (name = 'alike') as alike,
    max(value) filter (name = 'alike_words') as alike_words,
    max(value) filter (name = 'alike_prompts') as alike_prompts,
    max(value) filter (name = 'alike_pause_s') as alike_pause_s,
    max(value) filter (name = 'alike_questions') as alike_questions
  from thresholds
),
-- One text, for speed: a list would be searched word by word.
known as (select ' ' || string_agg(word, ' ' order by word) || ' ' as common from common_words),
prompts as materialized (
  select
    spoken.event_id,
    spoken.agent,
    spoken.session_id,
    spoken.ts,
    spoken.place,
    topic_words(spoken.said, known.common) as words,
    regexp_matches(spoken.said, '\?(?:\s|$)') as is_question
  from spoken
  cross join known
  where spoken.said is not null
),
topical as materialized (
  select prompts.*, list_sort([word for word in prompts.words if regexp_matches(word, '[0-9]')]) as numbers
  from prompts
  cross join limits
  where len(prompts.words) >= limits.alike_words
),
moments as (select * exclude (words, numbers) from topical),
-- A session has many pairs, so their words are looked up and compared only where that may count.
near_or_questions as materialized (
  select
    later.event_id,
    later.agent,
    later.session_id,
    later.ts,
    later.place,
    later.is_question and earlier.is_question as are_questions,
    later.place - earlier.place <= limits.alike_prompts
      and epoch_us(later.ts) - epoch_us(earlier.ts) <= limits.alike_pause_s * 1000000 as are_near,
    earlier.event_id as earlier_event_id,
    earlier.ts as earlier_ts,
    earlier.place as earlier_place
  from moments as later
  cross join limits
  join moments as earlier
    on
      earlier.session_id = later.session_id
      and earlier.agent = later.agent
      and earlier.place < later.place
  where are_near or are_questions
),
pairs as (
  select near_or_questions.*
  from near_or_questions
  join topical as later using (event_id)
  join topical as earlier on earlier.event_id = near_or_questions.earlier_event_id
  cross join limits
  where later.numbers = earlier.numbers and word_overlap(later.words, earlier.words) >= limits.alike
),
changes as (
  select outcomes.agent, outcomes.session_id, outcomes.ended_at
  from outcomes
  join tool_kinds using (tool_kind)
  where tool_kinds.changes_files and outcomes.outcome = 'ok'
),
near_pairs as (from pairs where are_near),
answered as (
  select distinct near_pairs.event_id, near_pairs.earlier_event_id -- several changes may lie between
  from near_pairs
  join changes
    on
      changes.session_id = near_pairs.session_id
      and changes.agent = near_pairs.agent
      and changes.ended_at > near_pairs.earlier_ts
      and changes.ended_at <= near_pairs.ts
),
unheard as (
  select distinct near_pairs.event_id, near_pairs.earlier_event_id -- several requests may have failed
  from near_pairs
  join api_failures
    on
      api_failures.session_id = near_pairs.session_id
      and api_failures.agent = near_pairs.agent
      and api_failures.ts >= near_pairs.earlier_ts
      and api_failures.ts <= near_pairs.ts
),
rephrased as (
  select event_id, arg_max(earlier_event_id, earlier_place) as earlier_event_id
  from near_pairs
  anti join answered using (event_id, earlier_event_id)
  anti join unheard using (event_id, earlier_event_id)
  group by event_id
),
repeated as (
  select pairs.event_id, arg_max(pairs.earlier_event_id, pairs.earlier_place) as earlier_event_id
  from pairs
  cross join limits
  where pairs.are_questions
  group by pairs.event_id, limits.alike_questions
  having count(*) >= limits.alike_questions - 1
)
select event_id, 'rephrased' as sort, earlier_event_id
from rephrased
union all
select event_id, 'repeated_question' as sort, earlier_event_id
from repeated
anti join rephrased using (event_id)
