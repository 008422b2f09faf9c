/** Commands whose result is kept as long as anything is: they check or publish the work. */
const check =
  /(?:^|[\s;&|(/"'])(?:pytest|py\.test|tox|nox|jest|vitest|mocha|rspec|phpunit|ctest|bats|tsc|mypy|pyright|eslint|oxlint|ruff|flake8|pylint|golangci-lint|rubocop|prettier|unittest|make|ninja|mvnw?|gradlew?|git\s+(?:commit|push|merge|tag)|(?:go|cargo|dotnet|swift|deno|bun|flutter|dart|zig|bazel|mix)\s+(?:\S+\s+)?(?:test|build|check|clippy|vet|nextest|publish)|(?:npm|pnpm|yarn)\s+(?:-\S+\s+)*(?:run\s+)?(?:tests?|t|build|lint|check|typecheck|type-check|deploy|publish)|node\s+(?:\S+\s+)?--test|docker\s+(?:build|push)|kubectl\s+apply|terraform\s+apply|deploy\S*)(?=$|[\s;&|:)"'.])/;

/** Programs that only look; a line is read-only when each of its statements begins with one and nothing is sent to a file. */
const looker =
  /^(?:ls|ll|cat|bat|head|tail|less|more|wc|find|fd|grep|egrep|fgrep|rg|ag|tree|pwd|cd|echo|which|type|stat|file|du|df|env|printenv|date|whoami|uname|sort|uniq|cut|jq|diff|git\s+(?:status|log|diff|show|branch|remote|blame|ls-files|rev-parse)|sed\s+-n|awk|nl|test|true)(?:\s|$)/;

export function isCheckCommand(command: string): boolean {
  return check.test(command.slice(0, LOOKED_AT));
}

export function isReadOnlyCommand(command: string): boolean {
  const text = command.slice(0, LOOKED_AT).replaceAll(/"[^"]*"|'[^']*'/g, "''");
  if (/(?<![0-9&])>{1,2}\s*(?!\/dev\/null|&)|\s-(?:delete|exec)\b|\btee\b/.test(text)) return false;
  return text
    .split(/&&|\|\||[;|\n]/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .every((statement) => looker.test(statement));
}

/** A program that brings what others wrote, from anywhere but this machine. */
const fetcher =
  /(?:^|[\s;&|(])(?:curl|wget|http|https|xh|lynx|w3m|gh|glab|hub|jira|slack)\s(?![^;&|\n]*(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]))/;

export function isFetch(command: string): boolean {
  return fetcher.test(command.slice(0, LOOKED_AT));
}

/** Characters of a command line that are looked at. */
const LOOKED_AT = 4000;

/** A line of a test or build run that says what failed. */
const failing =
  /^\s*(?:FAIL(?:ED)?\b|--- FAIL|not ok \d|E\s{2,}\S|[✗✕×✖]\s|error(?:\[\w+\])?:|ERROR\b|panicked\b|AssertionError|Error:)|\bFAILED\b|\b[1-9]\d* (?:failed|failing|failures?|errors?)\b|\b(?:Failures|Errors|failures|errors)\s*[:=]\s*[1-9]|# fail [1-9]|test result: FAILED|error TS\d+/;

export function isFailingLine(line: string): boolean {
  return failing.test(line.length > 400 ? line.slice(0, 400) : line);
}
