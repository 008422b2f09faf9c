-- Text without colours, the tool's own tags, and what an agent writes around the output of a command: exit code, time,
-- ids; what was written over with a carriage return becomes a line of its own.
create macro plain_output(text) as regexp_replace(
  regexp_replace(
    regexp_replace(
      replace(regexp_replace(text, '\x1b\[[0-9;?]*[A-Za-z]|</?tool_use_error>', '', 'g'), E'\r', E'\n'),
      '^\s*(?:(?:Error:\s*)?Exit code -?[0-9]+\s*|failed in sandbox [^\n]*?exit code: -?[0-9]+, stdout: ?|Output: ?'
      || '|(?:Chunk ID: \S+\n)?(?:Exit code: -?[0-9]+\n)?Wall time: [^\n]*\n(?:Process [^\n]*\n)?'
      || '(?:Original token count[^\n]*\n)?(?:Total output lines[^\n]*\n)?Output:\n)',
      ''
    ),
    '(?m)^, stderr: ?', '', 'g'
  ),
  '\s*(?:<shellId: [^\n]* completed with exit code -?[0-9]+>|<exited with exit code -?[0-9]+>'
  || '|Command exited with code -?[0-9]+|Exit Code: -?[0-9]+(?:\nProcess Group PGID: [0-9]+)?|Return code: -?[0-9]+'
  || '|\[Process exited with code -?[0-9]+\])\s*$',
  ''
);

-- The line that says what went wrong: one that begins as an error message does, else one that speaks of an error; not a
-- warning, and not a name that only holds such a word (`cannot-open.ts`, `src/errors/`). Null when no line does.
create macro error_line(text) as coalesce(
  nullif(
    regexp_extract(
      text,
      '(?m)^\s*(?:E\s{2,})?((?:[A-Za-z_.]*(?:Error|Exception|Panic)\b|[Ee]rror(?:\[\w+\])?:|ERROR\b|fatal:|FAIL\b|FAILED\b'
      || '|panic:|Command timed out|Command did not complete|❌ )[^\n]*[^\s=\-_*#][^\n]*)$',
      1
    ),
    ''
  ),
  nullif(
    regexp_extract(
      regexp_replace(text, '(?im)^\W*(?:npm )?warn(?:ing)?\b[^\n]*$', '', 'g'),
      '(?im)^(?:[^\n]*[^\n\w/.-])?(?:errors?|fatal|failed|failure|exception|cannot|can''t|could not|unable to|not found|no such'
      || '|invalid|no matches|denied|refused|missing|unknown|unexpected|undefined|does not (?:contain|exist))'
      || '(?:[.]?|[.]?[^\n\w/.-][^\n]*|[.][ )][^\n]*)$'
    ),
    ''
  )
);

-- The last line with a letter or a number.
create macro last_line(text) as nullif(regexp_extract(text, '([^\n]*\w[^\n]*)\W*$', 1), '');

-- An error that a server wrote as JSON is its message.
create macro without_json(message) as regexp_replace(
  message,
  '\{[^\n]*?"(?:message|detail)"\s*:\s*"((?:[^"\\]|\\.)+)(?:"[^\n]*\}|"?[^\n}]*$)',
  '\1'
);

-- The module that is missing names the trouble, as the command that is not found does.
create macro with_module(message) as regexp_replace(
  message,
  '(?i:\b(no module named|cannot find (?:module|package)))\s+["'']([A-Za-z_][\w.:-]*)["'']',
  '\1 \2'
);

-- The file that a program did not find is a path, with quotes or without.
create macro without_missing_file(message) as regexp_replace(
  regexp_replace(
    message,
    '\b((?:rg|[ef]?grep|ls|sed|cat|head|tail|wc|find|cp|mv|rm|cd|stat|chmod|touch|du|awk|diff|jq): '
    || '(?:(?:can''t|cannot) (?:open|access|stat|remove|read) )?)[^:\n]+: (?:IO error [^:\n]*: )?(No such file or directory)',
    '\1<path>: \2'
  ),
  '(?i)(: no such file or directory: )\S+$', '\1<path>'
);

create macro without_quotes(message) as
  regexp_replace(message, '(^|[\s(=:\[,])(?:"[^"]*"|''[^'']*''|`[^`]*`|‘[^’]*’|“[^”]*”)', '\1<name>', 'g');

-- Addresses, paths, and file names by their endings.
create macro without_paths(message) as regexp_replace(
  -- The name of a linter's rule is no path: `MD013/line-length`.
  regexp_replace(message, '\b([A-Z]{1,5}[0-9]{3,4})/[\w/-]+', '\1', 'g'),
  '[a-z][a-z0-9+.-]*://\S+|(?:[A-Za-z]:)?(?:[\w.@~+-]*[/\\])+[\w.@+-]*'
  || '|\b[\w.-]+\.(?:[cm]?[jt]sx?|py|rs|go|java|kt|rb|php|c|h|cc|cpp|cs|jsonl?|ya?ml|toml|md|txt|sh|sql|css|html|vue|svelte'
  || '|lock|log|csv|xml|ipynb|mdx|png|jpe?g)\b',
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
    trim(
      lower(
        regexp_replace(
          without_numbers(
            without_paths(
              without_missing_file(
                without_quotes(with_module(without_json(regexp_replace(left(message, 600), '^\s*E\s{2,}', ''))))
              )
            )
          ),
          '\s+', ' ', 'g'
        )
      )
    ),
    160
  );

-- Those of some lines that a pattern fits, and the whole of each. All lines are searched at once, since a pattern that
-- comes from a table is compiled anew for every text that it is held against.
create macro fitting_lines(lines, pattern) as list_distinct(
  flatten([
    case
      when contains(found, E'\n')
      then [line for line in string_split(found, E'\n') if regexp_matches(line, pattern, 'i')]
      else [found]
    end
    for found in regexp_extract_all(
      array_to_string(lines, E'\n\x1e\n'), '(?im)^[^\n]*?(?:' || pattern || ')[^\n]*$'
    )
  ])
);

-- Whether a rule's words and patterns fit a line.
create macro line_fits(line, words, pattern, not_pattern) as
  len([word for word in string_split(coalesce(words, ''), '|') if contains(lower(line), word)]) > 0
  and regexp_matches(line, pattern, 'i')
  and not coalesce(regexp_matches(line, not_pattern, 'i'), false);

-- Whether a rule's words and patterns fit a program call of a command line; without a pattern every command fits.
create macro command_fits(command, words, pattern, not_pattern) as
  (
    pattern is null
    or len([call for call in string_split(bare_commands(command), '; ') if line_fits(call, words, pattern, null)]) > 0
  )
  and len([
    call for call in string_split(bare_commands(command), '; ') if coalesce(regexp_matches(call, not_pattern, 'i'), false)
  ]) = 0;
