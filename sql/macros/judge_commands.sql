-- A command line in which only commands are left: where a shell is told to run quoted text, that text is a statement of
-- its own; elsewhere quoted text and here-documents go.
create macro judge_bare_command(command) as case
  when regexp_matches(command, '(?:^|[\s;&|(/])(?:sh|bash|zsh|dash|ssh|pwsh|powershell|cmd)(?:\.exe)?\s[^"'']*["'']') then
    regexp_replace(command, '["'']', ';', 'g')
  else
    regexp_replace(
      command,
      '<<-?\s*["'']?\w+["'']?[^\n]*\n[\s\S]*?\n[ \t]*[A-Z][A-Z_]+[ \t]*(?:\n|$)|<<-?\s*["'']?\w+["'']?[\s\S]*'
      || '|"(?:[^"\\]|\\.)*"|''[^'']*''|(?:^|\s)#[^\n]*',
      E'\n', 'g'
    )
end;

-- The statements of a command line, without what stands before the program: surroundings, wrappers, runners of
-- packages (`npx`, `uv run`, `bundle exec`) and the directory of the program.
create macro judge_statements(command) as [
  regexp_replace(
    part,
    '^[\s({!]*(?:(?:[A-Za-z_]\w*=\S*|sudo|time|nohup|exec|command|env|then|do|npx|bunx|pnpx|cross-env|xvfb-run'
    || '|timeout\s+(?:-\S+\s+)*[0-9]+[smh]?|(?:npm|pnpm|yarn)\s+(?:-\S+\s+(?:\S+\s+)??)*(?:exec|dlx)(?:\s+--)?'
    || '|(?:uv|poetry|pipenv|pdm|hatch|rye)\s+run|bundle\s+exec'
    || '|docker(?:-|\s+)compose\s+(?:exec|run)(?:\s+-\S+)*\s+\S+)\s+(?:--?y(?:es)?\s+)?)*(?:\S*/)?',
    ''
  )
  for part in regexp_split_to_array(judge_bare_command(command), '&&|\|\||[;|\n]|&\s*$')
];

-- Whether a package manager is told to run one of the named scripts.
create macro judge_runs_script(statement, scripts) as regexp_matches(
  statement,
  '^(?:npm|pnpm|yarn|bun)\s+(?:workspace\s+\S+\s+)?(?:-\S+\s+(?:\S+\s+)??)*(?:run(?:-script)?\s+)?(?:'
  || scripts || ')(?::[\w:.-]+)?(?:\s|$)'
);

create macro judge_is_test(statement) as
  not regexp_matches(statement, '\s--?(?:version|help|collect-only|list|listTests|co)\b')
  and (
    regexp_matches(
      statement,
      '^(?:(?:pnpm|yarn)\s+)?(?:pytest|py\.test|tox|nox|jest|vitest|mocha|ava|jasmine|rspec|phpunit|pest|ctest|bats|ginkgo|gotestsum)(?:\s|$)'
      || '|^(?:python[0-9.]*|py)\s+(?:-\S+\s+)*?-m\s+(?:pytest|unittest|nose2?|tox|nox|doctest)\b'
      || '|^(?:python[0-9.]*\s+)?\S*manage\.py\s+test\b'
      || '|^(?:go|deno|dotnet|swift|mix|flutter|dart|bazel|sbt|lein|stack|cabal|rails|bun)\s+(?:-\S+\s+)*test\b'
      || '|^cargo\s+(?:\+\S+\s+)?(?:test|nextest|llvm-cov)\b|^node\s+(?:\S+\s+)*?--test\b|^zig\s+build\s+test\b'
      || '|^(?:make|just|task|rake)\s+(?:\S+\s+)*?(?:tests?|check|spec)(?:[-_:]\w+)*(?:\s|$)'
      || '|^mvnw?(?:\.cmd)?\s+(?:\S+\s+)*?(?:test|verify|integration-test)(?:\s|$)'
      || '|^gradlew?(?:\.bat)?\s+(?:\S+\s+)*?:?(?:[\w-]+:)*(?:test|check)\w*(?:\s|$)'
      || '|^xcodebuild\s+(?:\S+\s+)*?test\b|^php\s+artisan\s+test\b|^composer\s+(?:run\s+)?test\b'
      || '|^(?:playwright\s+test|cypress\s+run|karma\s+start|ng\s+test|turbo\s+(?:run\s+)?test|nx\s+(?:run\s+)?test)\b'
      || '|^(?:(?:ba|z)?sh\s+(?:\S*/)?)?(?:run[-_]?)?tests?\.sh(?:\s|$)'
    )
    or judge_runs_script(statement, 'tests?|t|tst')
  );

create macro judge_is_build(statement) as
  not regexp_matches(statement, '\s--?(?:version|help)\b')
  and (
    regexp_matches(
      statement,
      '^(?:(?:pnpm|yarn)\s+)?(?:tsc|vue-tsc|mypy|pyright|ninja|msbuild|javac)(?:\s|$)'
      || '|^cargo\s+(?:\+\S+\s+)?(?:build|check|clippy)\b|^go\s+(?:build|vet)\b|^cmake\s+--build\b'
      || '|^(?:dotnet|swift|zig|bazel|docker|flutter|vite|next|nuxt|astro|ng)\s+build\b'
      || '|^make(?:\s+(?:-\S+|all|build|compile))*\s*(?:2>&1\s*)?$'
      || '|^mvnw?(?:\.cmd)?\s+(?:\S+\s+)*?(?:compile|package|install)(?:\s|$)'
      || '|^gradlew?(?:\.bat)?\s+(?:\S+\s+)*?:?(?:[\w-]+:)*(?:build|assemble|compile)\w*(?:\s|$)'
    )
    or judge_runs_script(statement, 'build|compile|type-?check|tsc')
  );

-- test, build, or null: what a command line checks. A line with both is a test.
create macro judge_check_kind(command) as case
  when len([s for s in judge_statements(command) if judge_is_test(s)]) > 0 then 'test'
  when len([s for s in judge_statements(command) if judge_is_build(s)]) > 0 then 'build'
end;

create macro judge_commits(command) as
  len([
    s for s in judge_statements(command)
    if regexp_matches(s, '^git\s+(?:-\S+\s+(?:\S+\s+)?)??commit(?:\s|$)') and not contains(s, '--dry-run')
  ]) > 0;

-- Whether a command line itself changes files: editors of streams, patches and texts sent into a file.
create macro judge_changes_files(command) as regexp_matches(
  command,
  '(?:^|[;&|\n]\s*)(?:sed\s+(?:-\S+\s+)*-i|perl\s+-\w*i|patch\s|git\s+apply|apply_patch|ed\s)'
  || '|\b(?:cat|tee|printf|echo)\b[^\n;|&]*<<|<<-?\s*["'']?\w+["'']?\s*>\s*\S|\bcat\s*>{1,2}\s*[^\s&]'
);

-- What a test or build program says when it failed; also behind a pipe that hides its exit code.
create macro judge_says_failed(output) as regexp_matches(
  output,
  '(?i:\b[1-9][0-9]* (?:tests? |specs? |examples? )?(?:failed|failing|failures?|errors?)\b)'
  || '|(?i:\b(?:failures|errors|failed|fail)\s*[:=]\s*[1-9])|# fail [1-9]|test result: FAILED|FAILURES!|BUILD FAIL|Build FAILED'
  || '|(?m:^\s*(?:--- )?FAIL(?:ED)?\b)|\bFAILED\b|(?m:^not ok \d)|error TS\d+|error\[E\d+\]|could not compile'
  || '|npm ERR!|npm error|ELIFECYCLE|error: test failed'
);

create macro judge_says_passed(output) as regexp_matches(
  output,
  '(?i:\b[1-9][0-9]* (?:tests? |specs? |examples? )?(?:passed|passing|pass|ok)\b)|# pass [1-9]|test result: ok'
  || '|(?m:^ok\s)|(?m:^OK\b)|BUILD SUCCESS|Build succeeded|(?i:all tests pass)|(?m:^\s*PASS\b)|Passed!|0 failures'
  || '|(?i:compiled successfully|built in \d)'
);

-- Whether the exit code of a command line may be another program's than the check's.
create macro judge_hides_exit_code(command) as
  regexp_matches(trim(without_lead(command), E' \t\r\n;'), '[|;\n]|&\s*$') and not contains(command, 'pipefail');

-- Whether a line runs tests more than once, as one that breaks something to see a test fail, and mends it again.
create macro judge_runs_several(command) as len([s for s in judge_statements(command) if judge_is_test(s)]) > 1;

-- pass, fail or unclear; null when the check did not take place.
create macro judge_check_result(outcome, command, output) as case
  when outcome not in ('ok', 'error', 'timeout', 'unknown') then null
  when
    outcome <> 'ok'
    and regexp_matches(
      coalesce(output, ''),
      '(?i:command not found|No module named .?pytest|missing script|no test specified|is not recognized as|ENOENT)'
    )
    and not judge_says_failed(regexp_replace(output, 'npm (?:ERR!|error)', '', 'g'))
    then null
  when judge_says_failed(coalesce(output, '')) then
    if(judge_says_passed(output) and judge_runs_several(command), 'unclear', 'fail')
  when outcome in ('error', 'timeout') then if(judge_says_passed(coalesce(output, '')), 'unclear', 'fail')
  when judge_says_passed(coalesce(output, '')) then 'pass'
  when outcome = 'unknown' or judge_hides_exit_code(command) then 'unclear'
  else 'pass'
end;
