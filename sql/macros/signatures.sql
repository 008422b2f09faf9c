-- Text without colours, the tool's own tags and its exit-code line; what was written over with a carriage return
-- becomes a line of its own.
create macro plain_output(text) as regexp_replace(
  replace(regexp_replace(text, '\x1b\[[0-9;?]*[A-Za-z]|</?tool_use_error>', '', 'g'), E'\r', E'\n'),
  '^\s*(?:(?:Error:\s*)?Exit code -?[0-9]+\s*)?', ''
);

-- The line that says what went wrong: one that begins as an error message does, else one that speaks of an error; not a
-- warning. Null when no line does.
create macro error_line(text) as coalesce(
  nullif(
    regexp_extract(
      text,
      '(?m)^\s*(?:E\s{2,})?((?:[A-Za-z_.]*(?:Error|Exception|Panic)\b|[Ee]rror(?:\[\w+\])?:|ERROR\b|fatal:|FAIL\b|FAILED\b'
      || '|panic:|Command timed out)[^\n]*[^\s=\-_*#][^\n]*)$',
      1
    ),
    ''
  ),
  nullif(
    regexp_extract(
      regexp_replace(text, '(?im)^\W*(?:npm )?warn(?:ing)?\b[^\n]*$', '', 'g'),
      '(?im)^[^\n]*\b(?:errors?|fatal|failed|failure|exception|cannot|can''t|could not|unable to|not found|no such|invalid'
      || '|no matches|denied|refused|missing|unknown|unexpected|undefined)\b[^\n]*$'
    ),
    ''
  )
);

-- The last line with a letter or a number.
create macro last_line(text) as nullif(regexp_extract(text, '([^\n]*\w[^\n]*)\W*$', 1), '');

create macro without_quotes(message) as
  regexp_replace(message, '(^|[\s(=:\[,])(?:"[^"]*"|''[^'']*''|`[^`]*`|‘[^’]*’|“[^”]*”)', '\1<name>', 'g');

-- Addresses, paths, and file names by their endings.
create macro without_paths(message) as regexp_replace(
  message,
  '[a-z][a-z0-9+.-]*://\S+|(?:[A-Za-z]:)?(?:[\w.@~+-]*[/\\])+[\w.@+-]*'
  || '|\b[\w.-]+\.(?:[cm]?[jt]sx?|py|rs|go|java|kt|rb|php|c|h|cc|cpp|cs|jsonl?|ya?ml|toml|md|txt|sh|sql|css|html|vue|svelte'
  || '|lock|log|csv|xml|ipynb|png|jpe?g)\b',
  '<path>', 'g'
);

-- Ids, hashes and numbers become #, but a number that names the trouble stays: `status code 404`, `TS2322`, `E0308`.
create macro without_numbers(message) as regexp_replace(
  regexp_replace(
    message,
    '((?i:\b(?:status(?: code)?|http|exit code|errno|error)[ :=]+-?[0-9]{1,5}\b)|\b[A-Z]{1,4}[0-9]{3,5}\b)'
    || '|\b[a-z]{2,8}_[0-9A-Za-z]{16,}\b|(?i:\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|0x[0-9a-f]+|\b[0-9a-f]{7,64}\b)'
    || '|[0-9]+(?:[.,:][0-9]+)*',
    '\1#', 'g'
  ),
  '([0-9])#', '\1', 'g'
);

-- A message without everything that differs from one place or time to the next: quoted names, paths, numbers, ids.
-- The same trouble has the same signature; at most 160 characters.
create macro message_signature(message) as
  left(
    trim(lower(regexp_replace(without_numbers(without_paths(without_quotes(left(message, 600)))), '\s+', ' ', 'g'))),
    160
  );
