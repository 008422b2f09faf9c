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
prompts as materialized (
  select
    event_id,
    agent,
    session_id,
    ts,
    place,
    words_in(said) as words,
    regexp_matches(said, '\?(?:\s|$)') as is_question
  from spoken
  where said is not null
),
-- The words that carry a topic. One by one, for speed: a list would be searched for each word.
topics as (
  select event_id, list(word) as words
  from (select event_id, unnest(words) as word from prompts)
  anti join common_words using (word)
  group by event_id
),
topical as materialized (
  select
    prompts.* exclude (words),
    topics.words,
    list_sort([word for word in topics.words if regexp_matches(word, '[0-9]')]) as numbers
  from prompts
  join topics using (event_id)
  cross join limits
  where len(topics.words) >= limits.alike_words
),
moments as (select * exclude (words, numbers) from topical),
steps as (select unnest(range(1, cast(alike_prompts as bigint) + 1)) as step, alike_pause_s from limits),
reaching as (
  select moments.*, steps.alike_pause_s, moments.place - steps.step as near_place
  from moments
  cross join steps
),
-- A session has many pairs, so their words are looked up and compared only where that may count: those that are a few
-- prompts apart, and questions.
near as (
  select
    later.event_id,
    later.agent,
    later.session_id,
    later.ts,
    later.is_question and earlier.is_question as are_questions,
    earlier.event_id as earlier_event_id,
    earlier.ts as earlier_ts,
    earlier.place as earlier_place
  from reaching as later
  join moments as earlier
    on
      earlier.session_id = later.session_id
      and earlier.agent = later.agent
      and earlier.place = later.near_place
  where epoch_us(later.ts) - epoch_us(earlier.ts) <= later.alike_pause_s * 1000000
),
questions as (from moments where is_question),
question_pairs as (
  select
    later.event_id,
    later.agent,
    later.session_id,
    later.ts,
    earlier.event_id as earlier_event_id,
    earlier.ts as earlier_ts,
    earlier.place as earlier_place
  from questions as later
  join questions as earlier
    on
      earlier.session_id = later.session_id
      and earlier.agent = later.agent
      and earlier.place < later.place
),
near_or_questions as materialized (
  select
    event_id,
    agent,
    session_id,
    ts,
    are_questions,
    true as are_near,
    earlier_event_id,
    earlier_ts,
    earlier_place
  from near
  union all
  select
    event_id,
    agent,
    session_id,
    ts,
    true as are_questions,
    false as are_near,
    earlier_event_id,
    earlier_ts,
    earlier_place
  from question_pairs
  anti join near using (event_id, earlier_event_id)
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
