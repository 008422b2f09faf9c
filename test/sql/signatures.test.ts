import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openViews, type Views } from '../../src/views/query.ts';
import { testSettings, writeLake } from './helpers/store.ts';

const scratch = mkdtempSync(`${tmpdir()}/sesh-signatures-`);
let views: Views;
beforeAll(async () => {
  const report = (seq: number, seconds: number) => ({
    agent: 'claude-code',
    session_id: 's',
    thread_id: 'main',
    source_id: 'a',
    seq,
    ts: `2026-03-02T10:00:0${String(seq)}Z`,
    kind: 'progress',
    progress_type: 'bash_progress',
    call_id: 'call-1',
    progress_counter: seq,
    elapsed_s: seconds,
  });
  const files = await writeLake(scratch, { events: [report(2, -2), report(3, 3), report(4, -4), report(5, 5)] });
  views = await openViews({ storeDir: scratch, files, settings: testSettings, threads: 1 });
});
afterAll(() => {
  views.close();
  rmSync(scratch, { recursive: true });
});

async function value(sql: string, text: string): Promise<unknown> {
  return (await views.query(sql, [text])).rows[0]?.[0];
}

describe('a command keeps what it tries and loses what changes from one try to the next', () => {
  test.each([
    ['cd /srv/app && npm test -- src/a/login.test.ts 2>&1 | tail -20', 'npm test -- login.test.ts'],
    ['CI=1 NODE_ENV="test" sudo timeout 60 npm run build > /dev/null', 'npm run build'],
    ['git commit -m "fix: the login"', 'git commit -m'],
    ['python3 - <<\'EOF\'\nprint("hello")\nEOF', 'python -'],
    ['export PATH=/opt/bin:$PATH; make all', 'make all'],
    ['git show 1a2b3c4d5e', 'git show'],
    ['source .venv/bin/activate && pytest tests/test_a.py', 'pytest test_a.py'],
    ['ssh host "systemctl restart web"', 'ssh host "systemctl restart web"'],
    ['npm run  build\nnpm run docs', 'npm run build'],
    ['npm run test:e2e -- --shard 2', 'npm run test:e2e -- --shard'],
    ['git add src/a.ts docs/b.md && git commit -m "fix: x"', 'git commit -m'],
    [
      'git commit -m "$(cat <<\'EOF\'\nfix: the "shared by" line; npm test\nEOF\n)" && git push',
      'git commit -m && git push',
    ],
    ['git add a.ts && npm test', 'git add a.ts && npm test'],
    ['find / -name "*.go" 2>/dev/null | grep berth', 'find -name | grep berth'],
    ['. ./env.sh\nLAST=$(git rev-parse main)\ngit checkout -q $LAST', 'git checkout -q $last'],
  ])('%j is %j', async (command, expected) => {
    expect(await value('select command_signature($1::varchar)', command)).toBe(expected);
  });
});

describe('a command line is the programs that it runs', () => {
  test.each([
    ['cd /srv/app && CI=1 npx jest --ci 2>&1 | tail -20', 'cd /srv/app; jest --ci; | tail -20'],
    ["bash -lc 'PYTHONPATH=. pytest -q'", 'pytest -q'],
    ['git commit -m "run npm test; then rsync" && git push', 'git commit -m; git push'],
    ["cat > a.py <<'EOF'\nnpm test\nEOF\npython a.py", 'cat; python a.py'],
    ['for f in *.ts; do ./node_modules/.bin/eslint $f; done', 'for f in *.ts; eslint $f; done'],
    ['sudo timeout 60 uv run pytest; echo "done"', 'pytest; echo'],
    ['find . -name x | xargs -n 1 rm', 'find . -name x; | rm'],
    ['(cd web && npm test)', 'cd web; npm test'],
    ['git commit -m "$(cat <<\'EOF\'\nfix: "a"; npm test\nEOF\n)" && npm run lint', 'git commit -m; npm run lint'],
  ])('%j is %j', async (command, expected) => {
    expect(await value('select bare_commands($1::varchar)', command)).toBe(expected);
  });
});

describe('seconds that a command sleeps on purpose', () => {
  test.each([
    ['sleep 150 && gh pr checks 12', 150],
    ['sleep 2m; sleep 30', 150],
    ['echo "sleep 10"', 0],
    ['npm test', 0],
  ])('%j are %d', async (command, expected) => {
    expect(await value('select slept_s($1::varchar)', command)).toBe(expected);
  });
});

describe('a command that only waits is told from one that works', () => {
  test.each([
    ['docker wait web', true],
    ['cd /srv && ./crew wait build --timeout 900', true],
    ['gh run watch 12 --exit-status', true],
    ['gh pr checks 7 --watch', true],
    ['until curl -s localhost; do sleep 2; done', true],
    ['npm test', false],
    ['helm install web --wait', false],
    ['echo "please wait for it"', false],
    ['grep -rn wait src', false],
  ])('%j: %s', async (command, expected) => {
    expect(await value('select waits_on_purpose($1::varchar)', command)).toBe(expected);
  });
});

describe('a message loses paths, names, numbers and ids', () => {
  test.each([
    [
      "ENOENT: no such file or directory, open '/home/mira/a b/c.txt'",
      'enoent: no such file or directory, open <name>',
    ],
    ['ls: cannot access /srv/data/2026: No such file', 'ls: cannot access <path>: no such file'],
    ['request 550e8400-e29b-41d4-a716-446655440000 failed at 2026-03-02T10:00:00.123Z', 'request # failed at #-#-#t#z'],
    ['object 1a2b3c4d5e6f7 of toolu_01AbCdEfGhIjKlMnOp', 'object # of #'],
    ["it doesn't work, you can't stop it", "it doesn't work, you can't stop it"],
    ['see https://example.org/a?b=1 for help', 'see <path> for help'],
    ['7 of 12,345 tests failed in 3.2s', '# of # tests failed in #s'],
  ])('%j is %j', async (message, expected) => {
    expect(await value('select message_signature($1::varchar)', message)).toBe(expected);
  });
});

describe('a number that names the trouble stays', () => {
  test.each([
    ['Request failed with status code 404', 'request failed with status code 404'],
    ['MCP error -32603: lost', 'mcp error -32603: lost'],
    ['a.ts(1,2): error TS2322: no', '<path>(#): error ts2322: no'],
    ['error[E0308]: mismatched types', 'error[e0308]: mismatched types'],
  ])('%j is %j', async (message, expected) => {
    expect(await value('select message_signature($1::varchar)', message)).toBe(expected);
  });
});

describe('the line that says what went wrong', () => {
  test.each([
    ['collected 3 items\nE   AssertionError: no\nFAILED tests/a.py', 'AssertionError: no'],
    ['npm warn Unknown setting "x"\nbuilding\nsrc/a.ts(1,2): error TS1: no\ndone', 'src/a.ts(1,2): error TS1: no'],
    ['line one\nthe server could not be reached\nbye', 'the server could not be reached'],
    ['all fine\nnothing to see', null],
    ['docs/cannot-open.md\ncopied test-cannot-read.ts and src/errors/missing.ts', null],
    ['no match\nunknown flag. See the help\nbye', 'unknown flag. See the help'],
    ['❌ The working tree is not clean:\nM src/a.ts', '❌ The working tree is not clean:'],
    [
      'Command did not complete within its 120s timeout and was moved to the background (ID: b1)\nThe folder stays the same.',
      'Command did not complete within its 120s timeout and was moved to the background (ID: b1)',
    ],
  ])('%j is %j', async (text, expected) => {
    expect(await value('select error_line($1::varchar)', text)).toBe(expected);
  });
});

/** As an incident makes the signature of a failed command from its output. */
const ofOutput = 'select message_signature(error_line(plain_output($1::varchar)))';

describe('one trouble is one signature, whatever path, number, hash, id, time or name it tells', () => {
  test.each([
    ["fatal: pathspec 'src/a.ts' did not match any files", "fatal: pathspec 'lib/deep/b.py' did not match any files"],
    [
      'Error: ENOENT: no such file or directory, open "/srv/a.json"',
      'Error: ENOENT: no such file or directory, open "C:\\work\\b.json"',
    ],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'Error: connect ECONNREFUSED 10.0.12.7:6379'],
    ['error: Your local changes to 3 files would be lost', 'error: Your local changes to 12 files would be lost'],
    ['fatal: bad object 1a2b3c4d5e6f', 'fatal: bad object 99aabbccddeeff0011223344'],
    [
      'Error: request 550e8400-e29b-41d4-a716-446655440000 failed',
      'Error: request 123e4567-e89b-12d3-a456-426614174000 failed',
    ],
    ['ERROR at 2026-03-02T10:00:00Z: queue is full', 'ERROR at 2026-11-30T23:59:59Z: queue is full'],
    [
      'Error: listen EADDRINUSE: address already in use :::3000',
      'Error: listen EADDRINUSE: address already in use :::8080',
    ],
    ["KeyError: 'user_id' not found", "KeyError: 'invoice' not found"],
    ["src/a.ts(12,3): error TS2322: Type 'A' is no 'B'", "web/b.ts(7,41): error TS2322: Type 'C' is no 'D'"],
    [
      'Exit code 1\nerror: could not open lib/x.so',
      'Chunk ID: 4dd\nWall time: 2.1 seconds\nProcess exited with code 1\nOutput:\nerror: could not open bin/y.so',
    ],
    ['\u001b[31merror:\u001b[0m timeout after 30s', 'error: timeout after 120s'],
    ['npm error path /home/mira/app', 'npm error path /home/otto/site'],
    ['Error: toolu_01AbCdEfGhIjKlMnOp was refused', 'Error: toolu_09ZyXwVuTsRqPoNmLk was refused'],
    ['panic: index out of range [5] with length 5', 'panic: index out of range [12] with length 3'],
    [
      'error: failed to push some refs to https://git.example.org/a.git',
      'error: failed to push some refs to https://git.example.org/b/c.git',
    ],
    ['FAILED tests/test_a.py::test_login', 'FAILED tests/test_b.py::test_login'],
    ['ls: cannot access docs: No such file or directory', "ls: cannot access 'src/b/': No such file or directory"],
    [
      'rg: apps: No such file or directory (os error 2)',
      'rg: src/a: IO error for operation on src/a: No such file or directory (os error 2)',
    ],
    ["E   ModuleNotFoundError: No module named 'torch'", "ModuleNotFoundError: No module named 'torch'"],
    ["Error: Cannot find module '/srv/a/b.json'", "Error: Cannot find module '/srv/c.json'"],
    ['bash: line 3: cd: web: No such file or directory', 'bash: line 1: cd: ../api: No such file or directory'],
    ['(eval):cd:1: no such file or directory: web', '(eval):cd:1: no such file or directory: src/api'],
    [
      'Error: the server said 403 {"message":"No entry for \'mira\'","status":"403"}',
      'Error: the server said 403 {"message":"No entry for \'otto\'","docs":"https://example.org/"}',
    ],
    [
      'a.md:3 error MD013/line-length Line length [Actual: 90]',
      'docs/b.md:70 error MD013/line-length Line length [Actual: 81]',
    ],
    ['MemoryError: cannot allocate 0x7f3a2b bytes', 'MemoryError: cannot allocate 0x11ff bytes'],
  ])('%j and %j', async (one, other) => {
    const signature = await value(ofOutput, one);
    expect(signature).toEqual(expect.any(String));
    expect(await value(ofOutput, other)).toBe(signature);
  });
});

describe('two troubles are not one signature', () => {
  test.each([
    ['a.ts(1,2): error TS2322: no', 'a.ts(1,2): error TS2307: no'],
    ['Request failed with status code 404', 'Request failed with status code 504'],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'Error: connect ETIMEDOUT 127.0.0.1:5432'],
    ['fatal: not a git repository', 'fatal: bad object 1a2b3c4'],
    ['error[E0308]: mismatched types', 'error[E0433]: failed to resolve'],
    ["KeyError: 'user_id'", "ValueError: 'user_id'"],
    [
      'error: failed to push some refs to https://a.example/b',
      'error: failed to fetch some refs from https://a.example/b',
    ],
    ['MCP error -32603: lost', 'MCP error -32001: lost'],
    ['Error: cannot read the file', 'Error: cannot write the file'],
    ['bash: line 1: jq: command not found', 'bash: line 1: yq: command not found'],
    ['FAILED tests/test_a.py::test_login', 'FAILED tests/test_a.py::test_logout'],
    ['npm error code ERESOLVE', 'npm error code ELIFECYCLE'],
    ['error: listen EADDRINUSE: in use', 'error: listen EACCES: in use'],
    ['Error: port is in use', 'Error: disk is full'],
    ["ModuleNotFoundError: No module named 'torch'", "ModuleNotFoundError: No module named 'numpy'"],
    ["Error: Cannot find module 'left-pad'", "Error: Cannot find module 'zod'"],
    ['a.md:3 error MD013/line-length Line length', 'a.md:3 error MD040/fenced-code-language Line length'],
    ['Error: 403 {"message":"Bad credentials"}', 'Error: 403 {"message":"Rate limit exceeded"}'],
    ['ls: cannot access docs: No such file or directory', 'ls: cannot access docs: Permission denied'],
    ['ERROR: No matching distribution found', 'ERROR: Could not build wheels'],
  ])('%j and %j', async (one, other) => {
    expect(await value(ofOutput, one)).not.toBe(await value(ofOutput, other));
  });
});

test('reports with negative seconds count as reports and measure nothing', async () => {
  const { rows } = await views.query('select updates, elapsed_s, duration_s, started_at from command_runs');
  expect(rows).toEqual([[4, 5, 5, '2026-03-02T10:00:00.000Z']]);
});
