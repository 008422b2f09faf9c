-- A command line without what stands before the real command: the way there (`cd x &&`), the surroundings (`A=1`,
-- `export A=1;`, `source venv/bin/activate &&`) and wrappers (`sudo`, `time`, `nohup`, `timeout 60`).
create macro without_lead(command) as regexp_replace(
  command,
  '^\s*(?:(?:cd|pushd|export|source|\.)\s+(?:"[^"]*"|''[^'']*''|[^\s"''&;]+)+\s*(?:&&|;|\n)\s*'
  || '|[A-Za-z_][A-Za-z0-9_]*=(?:"[^"]*"|''[^'']*''|\$\([^()]*\)|[^\s"''(]*)\s+'
  || '|(?:sudo|time|nohup)\s+|timeout\s+(?:-\S+\s+)*[0-9]+[smh]?\s+)+',
  ''
);

-- A command line without what only joins or shortens its output: `2>&1 | tail -20`, `> /dev/null`, `| head`.
create macro without_tail(command) as regexp_replace(
  command, '(?:\s*(?:2>&1|&?[12]?>\s*/dev/null|\|\s*(?:tail|head|cat)\b[^|;&]*))+\s*$', ''
);

-- A text that a command line builds from a here-document, as commit messages are: `"$(cat <<'EOF' ... EOF )"`; also one
-- that is cut.
create macro built_text() as
  '"\$\(cat\s+<<-?\s*["'']?\w+["'']?[\s\S]*?(?:\n\s*\w+\s*\n?\s*\)\s*"|$)';

-- What a command line tries: program, subcommand, flags and file names, without directories, quoted text,
-- here-documents, numbers and hashes. Two tries of the same thing have the same intent. Where a shell is told to run
-- quoted text (`bash -c "..."`, `ssh host "..."`), that text is the command and stays.
create macro command_intent(command) as trim(
  case
    when regexp_matches(command, '\b(?:sh|bash|zsh|ssh|wsl|pwsh|powershell|cmd)(?:\.exe)?\s+[^\n]*["'']') then
      regexp_replace(
        without_tail(without_lead(left(command, 400))),
        '\s*[0-9&]?>\s*/dev/null|[^\s=:"'']*[/\\]|\b[0-9a-f]{7,40}\b|[0-9]+([^A-Za-z0-9]|$)',
        '\1',
        'g'
      )
    else
      regexp_replace(
        without_tail(without_lead(left(command, 400))),
        built_text() || '|<<-?\s*["'']?\w+["'']?[\s\S]*|"[^"]*(?:"|$)|''[^'']*(?:''|$)|\s*[0-9&]?>\s*/dev/null'
        || '|[^\s=:"'']*[/\\]|\b[0-9a-f]{7,40}\b'
        || '|[0-9]+([^A-Za-z0-9]|$)',
        '\1',
        'g'
      )
  end,
  E' \t\r\n'
);

-- The intent as people read it: first line, spaces folded, at most 160 characters; what is added before a commit
-- differs from one to the next and is left out.
create macro command_signature(command) as left(
  lower(
    regexp_replace(
      regexp_replace(trim(split_part(command_intent(command), E'\n', 1)), '\s+', ' ', 'g'),
      '^(?:git add\b[^&|;]*&& )+(git commit\b)', '\1'
    )
  ),
  160
);

-- What a shell is told to run: `bash -lc "npm test"` is `npm test`.
create macro told_shell(command) as regexp_replace(
  command,
  '^(?:[^\n|;"'']*\s)?(?:\S*/)?(?:ba|z|da)?sh(?:\.exe)?\s+(?:-\w+\s+)*-\w*c\s+'
  || '(?:\$?["'']([\s\S]*)["'']([^"'']*)|([^"''\s][\s\S]*))$',
  '\1\2\3'
);

-- A command line without quoted text, here-documents, comments and redirections.
create macro without_texts(command) as regexp_replace(
  regexp_replace(
    told_shell(left(command, 2000)),
    built_text() || '|<<-?\s*["'']?EOF["'']?([^\n]*)\n(?:[\s\S]*?\n)??\s*EOF\b|<<-?\s*["'']?\w+["'']?[\s\S]*'
    || '|"(?:[^"\\]|\\[\s\S])*"|''[^'']*''|\\\r?\n|(?m:(?:^|[ \t])#[^\n]*$)',
    '\1', 'g'
  ),
  '[0-9&]?>>?&?\s*[^\s;|&()]+|<\s*[^\s;|&()]+', '', 'g'
);

-- What stands before the name of a program: keywords, settings (`A=1`), wrappers (`sudo`, `timeout 60`, `xargs`),
-- runners of packages (`npx`, `uv run`, `python -m`), and its directory.
create macro program_lead() as
  '(?:[({!]+[ \t]*|(?:do|then|else|elif|if|while|until|time|nohup|exec|env|nice|wsl(?:[ \t]+-\S+)*)[ \t]+'
  || '|sudo[ \t]+(?:-\S+[ \t]+)*|[A-Za-z_]\w*=\S*[ \t]+|timeout[ \t]+(?:-\S+[ \t]+)*[0-9.]+[smhd]?[ \t]+'
  || '|xargs[ \t]+(?:-\S+[ \t]+(?:(?:[0-9]+|\{\})[ \t]+)?)*'
  || '|(?:npx|bunx|uvx|pipx run|npm exec|pnpm (?:exec|dlx)|yarn (?:exec|dlx)|bun x|uv run|poetry run|pipenv run|pdm run'
  || '|hatch run|rye run|bundle exec|composer exec)[ \t]+(?:-\S+[ \t]+)*|python[0-9.]*[ \t]+-m[ \t]+)*'
  || '(?:[^\s/\\]*[/\\])*';

-- The programs that a command line runs with their arguments, without what stands before their names, on one line with
-- `; ` between them; one that takes its input from a pipe begins with `| `: `cd app; npm test; | tail -20`.
create macro bare_commands(command) as trim(
  regexp_replace(
    regexp_replace(
      regexp_replace(
        regexp_replace(
          regexp_replace(without_texts(command), '\|\||&&|[;&()`\r]', E'\n', 'g'), '\|', E'\n| ', 'g'
        ),
        '(?m)^(\| )?[ \t]*' || program_lead(), '\1', 'g'
      ),
      '\s*\n\s*', '; ', 'g'
    ),
    '[ \t]+', ' ', 'g'
  ),
  '; '
);

-- Program calls that only prepare another one or shorten its output.
create macro setup_or_filter() as
  '^(?:\| .*|(?:cd|pushd|popd|export|set|unset|source|\.|echo|printf|pwd|clear|mkdir|rm|sleep|true|:|done|fi|\})(?: .*)?|)$';

-- The last statement of a command line, without quoted text and without what only ends a loop or a block.
create macro last_statement(command) as [
  regexp_replace(statement, '^\s*(?:(?:do|then|else|\(|\{)\s+)*', '')
  for statement in regexp_split_to_array(without_texts(without_tail(without_lead(command))), ';|\n')
  if not regexp_matches(statement, '^[\s)}]*(?:done|fi|esac)?[\s)}]*$')
][-1];

-- The command that ends a pipe, without what stands before its name.
create macro end_of_pipe(pipe) as regexp_replace(trim(string_split(pipe, '|')[-1]), '^' || program_lead(), '');

-- Parts of an `a && b` chain that can fail for a reason of their own.
create macro telling_parts(command) as [
  part for part in regexp_split_to_array(last_statement(command), '&&|\|\|')
  if not regexp_matches(part, '^\s*(?:cd|echo|printf|pwd|sleep|set|export|source|true)\b')
];

-- Which of the telling parts may have given the exit code: of an `a && b` chain every part when nothing was printed,
-- the last one when what was printed tells of no error, and none when it does.
create macro answering_parts(parts, printed, complained) as case
  when len(parts) < 2 or not printed then parts
  when complained then []
  else parts[-1:]
end;

-- The program of such a part as its first word, two and three.
create macro names_of_program(call) as
  [regexp_extract(call, '^\S+'), regexp_extract(call, '^\S+\s+\S+'), regexp_extract(call, '^\S+\s+\S+\s+\S+')];

-- Whether a command line writes or exchanges files of the project on purpose.
create macro writes_files(command) as coalesce(
  regexp_matches(
    command,
    '\b(?:sed|perl)\s+(?:-\S+\s+)*-\w*i|\b(?:apply_patch|patch|tee|mv|cp|git\s+(?:checkout|switch|stash|pull|merge|rebase'
    || '|reset|restore|apply|cherry-pick)|(?:npm|pnpm|yarn|bun|pip|uv|poetry|cargo|go)\s+(?:install|i|ci|add|remove|sync|get|mod))'
    || '\b|(?:^|[^-=>&0-9])>>?\s*[^&>\s|;]|--(?:write|fix)\b|\bwrite_text\(|\.write\('
  ) and not regexp_matches(command, '^[^>]*>>?\s*/dev/null[^>]*$'),
  false
);

-- Whether a command line ends by showing files whose absence it chose not to hear of: `cat a b 2>/dev/null`.
create macro expects_absence(command) as regexp_matches(
  command,
  '(?:^|[;&|\n]\s*)(?:cat|ls|dir|find|head|tail|stat|readlink|realpath|wc|du|file|sed|awk|jq|[ef]?grep|rg|ag)\b[^;&|\n]*2>\s*/dev/null\s*$'
);

-- Seconds that a command line sleeps on purpose, outside of loops.
create macro slept_s(command) as coalesce(
  list_sum([
    cast(regexp_extract(part, '([0-9]+(?:[.][0-9]+)?)([smh]?)$', 1) as decimal(18, 6))
    * case right(part, 1) when 'm' then 60 when 'h' then 3600 else 1 end
    for part in regexp_extract_all(bare_commands(command), '(?:^|; )sleep [0-9]{1,6}(?:[.][0-9]{1,3})?[smh]?')
  ]),
  0
);

-- Whether a command line waits for something on purpose: with pauses in a loop, or by a program that does no more than
-- that (`docker wait web`, `gh run watch 12`, `gh pr checks 7 --watch`).
create macro waits_on_purpose(command) as coalesce(
  regexp_matches(
    command,
    '\b(?:while|until|for)\b[\s\S]*\bsleep\s+[0-9$]|\bgh (?:run watch|(?:run|pr checks)\b.*--watch)'
    || '|(?:^|[;&|\n]\s*)(?:wait|(?:[\w.-]*/)?[\w.-]+ wait)(?:\s|$)'
  ),
  false
);

-- What a call tries, as people read it: its command, else the tool with the name of its file.
create macro call_signature(tool_name, command, file_path) as coalesce(
  nullif(command_signature(command), ''),
  lower(concat_ws(' ', tool_name, regexp_extract(file_path, '[^/\\]+$')))
);
