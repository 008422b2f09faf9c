import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openViews, type Views } from '../../../src/views/query.ts';
import { testSettings } from '../../sql/helpers/store.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews({
    storeDir: '/nonexistent',
    files: { events: [], sources: [], quarantine: [] },
    settings: testSettings,
    threads: 1,
  });
});
afterAll(() => views.close());

async function value(sql: string, ...parameters: readonly (string | null)[]): Promise<unknown> {
  return (await views.query(`select ${sql}`, parameters)).rows[0]?.[0];
}

describe('a command that runs tests is a test', () => {
  test.each([
    'pytest',
    'pytest -q tests/test_login.py 2>&1 | tail -20',
    'cd /srv/app && .venv/bin/pytest -x',
    'CI=1 NODE_ENV="test" npx jest --runInBand',
    'npx --yes vitest run src/a.test.ts',
    'python3 -m pytest tests',
    'python -m unittest discover',
    'python manage.py test shop',
    'go test ./...',
    'cargo test --all',
    'cargo +nightly nextest run',
    'node --test',
    'node --import tsx --test src/a.test.ts',
    'npm test',
    'pnpm --filter @harbor/api test -- --run crane',
    'npm --prefix web run test',
    'yarn workspace web test',
    'npm t',
    'npm run test:unit -- --watch=false',
    'pnpm -r test',
    'yarn test',
    'yarn jest src',
    'pnpm vitest run',
    'bun test',
    'make -j4 test',
    'make check',
    './mvnw -q verify',
    'mvn test -Dtest=LoginTest',
    './gradlew :app:testDebugUnitTest',
    'dotnet test --no-build',
    'vendor/bin/phpunit',
    'bundle exec rspec spec/login_spec.rb',
    'uv run pytest',
    'timeout 120 poetry run pytest',
    'docker compose exec web pytest',
    'bash -lc "npm test"',
    "bash -c 'cd app; go test ./...'",
    'ruff check . && pytest',
    "cat > a.py <<'EOF'\nprint('x')\nEOF\npytest a.py",
    'npm run build && npm test',
    './run_tests.sh',
  ])('%s', async (command) => {
    expect(await value('judge_check_kind($1::varchar)', command)).toBe('test');
  });
});

describe('a command that builds or checks types is a build', () => {
  test.each([
    'npm run build',
    'npx tsc --noEmit',
    'pnpm --filter web exec tsc -b 2>&1 | tail -5',
    'pnpm --filter api build',
    'yarn typecheck',
    'cargo build --release',
    'cargo clippy',
    'go vet ./...',
    'make',
    'make -j8 all 2>&1 | tail -5',
    'cmake --build build',
    'mvn -q package',
    './gradlew assembleDebug',
    'uv run mypy src',
    'docker build -t x .',
  ])('%s', async (command) => {
    expect(await value('judge_check_kind($1::varchar)', command)).toBe('build');
  });
});

describe('a command that only speaks of tests is none', () => {
  test.each([
    'grep -rn pytest .',
    'pip install pytest',
    'npm install --save-dev jest',
    'cat tests/test_login.py',
    'git commit -m "run; npm test"',
    "git commit -m 'make test && pytest'",
    'echo npm test',
    'pytest --version',
    'which pytest',
    'ls test',
    'git diff --stat test',
    'python test.py.bak',
    'pytest --collect-only -q',
    'git log --oneline # npm test',
    "cat > run.sh <<'EOF'\nnpm test\nEOF",
    'test -f package.json',
    'make clean',
    'rm -rf build',
    'cd build',
  ])('%s', async (command) => {
    expect(await value('judge_check_kind($1::varchar)', command)).toBe(null);
  });
});

describe('what a check says about itself', () => {
  test.each([
    ['ok', 'pytest', '===== 12 passed in 0.4s =====', 'pass'],
    ['ok', 'pytest', '', 'pass'],
    ['ok', 'pytest 2>&1 | tail -3', '1 failed, 11 passed in 0.4s', 'fail'],
    ['ok', 'pytest 2>&1 | tail -3', '11 passed, 2 xfailed, 0 failed in 0.4s', 'pass'],
    ['ok', 'npm test | tail -1', 'done', 'unclear'],
    ['ok', 'npm test; echo done', '', 'unclear'],
    ['ok', 'npm test || true', 'Tests:       1 failed, 4 passed, 5 total', 'fail'],
    ['ok', 'set -o pipefail; npm test | tail -1', 'done', 'pass'],
    ['error', 'go test ./...', '--- FAIL: TestLogin (0.00s)', 'fail'],
    ['error', 'make test', 'make: *** [test] Error 2', 'fail'],
    ['timeout', 'npm test', '', 'fail'],
    ['error', 'npm test && git push', '14 passing\nremote: rejected', 'unclear'],
    ['error', 'pytest', 'bash: pytest: command not found', null],
    ['error', 'npm test', 'npm error Missing script: "test"', null],
    ['denied', 'npm test', 'not allowed', null],
    ['rejected', 'npm test', '', null],
    ['unknown', 'cargo test', 'test result: ok. 4 passed; 0 failed', 'pass'],
    ['unknown', 'cargo test', '', 'unclear'],
    ['ok', 'cargo test', 'test result: FAILED. 3 passed; 1 failed', 'fail'],
    ['ok', 'npx tsc | head', "a.ts(3,1): error TS2304: Cannot find name 'x'.", 'fail'],
    // A test that must fail once, to be trusted.
    ['ok', 'go test ./a | tail -1; git checkout a.go; go test ./a | tail -1', 'FAIL\nok  \ta\t0.1s', 'unclear'],
    ['ok', 'go test ./a ./b | tail -3', 'FAIL\nok  \tb\t0.1s\nFAIL', 'fail'],
    ['ok', 'node --test | tail', '# tests 9\n# pass 8\n# fail 1', 'fail'],
    ['ok', 'node --test | tail', '# tests 9\n# pass 9\n# fail 0', 'pass'],
    ['ok', 'mvn test', 'Tests run: 4, Failures: 0, Errors: 0\nBUILD SUCCESS', 'pass'],
    ['ok', 'mvn test | tail', 'Tests run: 4, Failures: 1, Errors: 0', 'fail'],
  ])('%s of %s that prints %j is %s', async (outcome, command, output, expected) => {
    const result = await value('judge_check_result($1::varchar, $2::varchar, $3::varchar)', outcome, command, output);
    expect(result).toBe(expected);
  });
});

describe('a commit is a commit', () => {
  test.each([
    ['git commit -m "x"', true],
    ['cd app && git -C sub commit --amend', true],
    ['git add -A && git commit -qm "fix; all"', true],
    ['git commit --dry-run', false],
    ['git log --grep commit', false],
    ['echo git commit', false],
    ['git commit-tree x', false],
  ])('%s: %s', async (command, expected) => {
    expect(await value('judge_commits($1::varchar)', command)).toBe(expected);
  });
});

describe('a command that writes files changes files', () => {
  test.each([
    ["sed -i 's/a/b/' x.py", true],
    ['sed -n 1,5p x.py', false],
    ["cat > a.txt <<'EOF'\nx\nEOF", true],
    ['cat a.txt > /dev/null', false],
    ['git apply fix.patch', true],
    ['npm test > /tmp/out.txt', false],
    ['cat a.txt', false],
  ])('%s: %s', async (command, expected) => {
    expect(await value('judge_changes_files($1::varchar)', command)).toBe(expected);
  });
});
