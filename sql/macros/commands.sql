-- A command line without what stands before the real command: the way there (`cd x &&`), the surroundings (`A=1`,
-- `export A=1;`, `source venv/bin/activate &&`) and wrappers (`sudo`, `time`, `nohup`, `timeout 60`).
create macro without_lead(command) as regexp_replace(
  command,
  '^\s*(?:(?:cd|pushd|export|source|\.)\s+(?:"[^"]*"|''[^'']*''|[^\s"''&;]+)+\s*(?:&&|;|\n)\s*'
  || '|[A-Za-z_][A-Za-z0-9_]*=(?:"[^"]*"|''[^'']*''|[^\s"'']*)\s+'
  || '|(?:sudo|time|nohup)\s+|timeout\s+(?:-\S+\s+)*[0-9]+[smh]?\s+)+',
  ''
);

-- A command line without what only joins or shortens its output: `2>&1 | tail -20`, `> /dev/null`, `| head`.
create macro without_tail(command) as regexp_replace(
  command, '(?:\s*(?:2>&1|&?[12]?>\s*/dev/null|\|\s*(?:tail|head|cat)\b[^|;&]*))+\s*$', ''
);

-- What a command line tries: program, subcommand, flags and file names, without directories, quoted text,
-- here-documents, numbers and hashes. Two tries of the same thing have the same intent. Where a shell is told to run
-- quoted text (`bash -c "..."`, `ssh host "..."`), that text is the command and stays.
create macro command_intent(command) as trim(
  case
    when regexp_matches(command, '\b(?:sh|bash|zsh|ssh|wsl|pwsh|powershell|cmd)(?:\.exe)?\s+[^\n]*["'']') then
      regexp_replace(
        without_tail(without_lead(left(command, 400))), '[^\s=:"'']*[/\\]|\b[0-9a-f]{7,40}\b|[0-9]+', '', 'g'
      )
    else
      regexp_replace(
        without_tail(without_lead(left(command, 400))),
        '<<-?\s*["'']?\w+["'']?[\s\S]*|"[^"]*(?:"|$)|''[^'']*(?:''|$)|[^\s=:"'']*[/\\]|\b[0-9a-f]{7,40}\b|[0-9]+',
        '',
        'g'
      )
  end,
  E' \t\r\n'
);

-- The intent as people read it: first line, spaces folded, at most 160 characters.
create macro command_signature(command) as
  left(lower(regexp_replace(trim(split_part(command_intent(command), E'\n', 1)), '\s+', ' ', 'g')), 160);

-- The last statement of a command line, without quoted text.
create macro last_statement(command) as regexp_split_to_array(
  rtrim(regexp_replace(without_tail(without_lead(command)), '"[^"]*"|''[^'']*''', '', 'g'), E' ;\n'), ';|\n'
)[-1];

-- The command that ends a pipe, without its directory.
create macro end_of_pipe(pipe) as regexp_replace(trim(string_split(pipe, '|')[-1]), '^\S*/', '');

-- Parts of an `a && b` chain that can fail for a reason of their own.
create macro telling_parts(command) as [
  part for part in regexp_split_to_array(last_statement(command), '&&|\|\|')
  if not regexp_matches(part, '^\s*(?:cd|echo|printf|pwd|sleep|set|export|source|true)\b')
];

-- Programs that may have given the exit code of a command line, each as its first and as its first two words: the last
-- one of a pipe; of an `a && b` chain every part when nothing was printed, and none when something was.
create macro answering_programs(command, printed) as case
  when printed and len(telling_parts(command)) > 1 then []
  else flatten([
    [regexp_extract(end_of_pipe(part), '^\S+'), regexp_extract(end_of_pipe(part), '^\S+\s+\S+')]
    for part in telling_parts(command)
  ])
end;

-- What a call tries, as people read it: its command, else the tool with the name of its file.
create macro call_signature(tool_name, command, file_path) as coalesce(
  nullif(command_signature(command), ''),
  lower(concat_ws(' ', tool_name, regexp_extract(file_path, '[^/\\]+$')))
);
