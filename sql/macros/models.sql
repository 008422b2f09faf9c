-- A model's name without what providers put around it: path and region before it, deployment, context size and
-- date marks behind it. `us.anthropic.claude-opus-4-6-v1:0`, `anthropic/claude-opus-4.6` are claude-opus-4-6.
create macro bare_model(model) as
  regexp_replace(
    regexp_replace(
      regexp_replace(model, '^.*/', ''),
      '^([a-z-]+\.)?anthropic\.', ''
    ),
    '(-v[0-9]+(:[0-9]+)?|@[^@]*|\[[^\]]*\]|:[a-z]+)+$', ''
  );

-- opus, sonnet, haiku, gpt, gemini; other models are their own family.
create macro model_family(model) as case
  when regexp_matches(bare_model(model), '^claude\b.*\bopus\b') then 'opus'
  when regexp_matches(bare_model(model), '^claude\b.*\bsonnet\b') then 'sonnet'
  when regexp_matches(bare_model(model), '^claude\b.*\bhaiku\b') then 'haiku'
  when bare_model(model) like 'gpt-%' then 'gpt'
  when bare_model(model) like 'gemini-%' then 'gemini'
  else model
end;

-- The exact version, one name for all ways to write it; models of no known family stay as they are written.
create macro model_version(model) as case
  when model_family(model) in ('opus', 'sonnet', 'haiku') then regexp_replace(bare_model(model), '(\d)\.(\d)', '\1-\2')
  when model_family(model) in ('gpt', 'gemini') then bare_model(model)
  else model
end;
