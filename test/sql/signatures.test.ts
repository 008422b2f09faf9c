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
  ])('%j is %j', async (command, expected) => {
    expect(await value('select command_signature($1::varchar)', command)).toBe(expected);
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
  ])('%j is %j', async (text, expected) => {
    expect(await value('select error_line($1::varchar)', text)).toBe(expected);
  });
});

test('reports with negative seconds count as reports and measure nothing', async () => {
  const { rows } = await views.query('select updates, elapsed_s, duration_s, started_at from command_runs');
  expect(rows).toEqual([[4, 5, 5, '2026-03-02T10:00:00.000Z']]);
});
