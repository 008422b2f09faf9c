import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callLine, promptLine, resultLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { syncStore } from '../helpers/store.ts';
import { runHere } from './run-here.ts';

const machine = scratchForFile();
const store = join(machine, 'store');
const register = join(machine, 'home', '.config', 'sesh', 'fixes.yaml');
const sesh = async (args: readonly string[], input = ''): ReturnType<typeof runHere> =>
  await runHere(args, {
    env: { SESH_HOME: store },
    home: join(machine, 'home'),
    readStdin: async () => await Promise.resolve(input),
  });

/** A session with `calls` calls a minute apart, of which the first `failures` fail for want of a right. */
function writeSession(n: number, day: string, calls: number, failures: number): void {
  const session = sessionNumber(n);
  const at = (minute: number, second: number): string =>
    new Date(Date.parse(`${day}T10:00:00Z`) + minute * 60_000 + second * 1000).toISOString();
  const lines = [promptLine({ session, uuid: uuidNumber(n * 10_000), at: at(0, 0) }, 'deploy it')];
  for (let call = 0; call < calls; call += 1) {
    const id = `toolu_${n}_${call}`;
    const failed = call < failures;
    const common = (offset: number, second: number) => ({
      session,
      uuid: uuidNumber(n * 10_000 + 2 * call + offset),
      at: at(call, second),
    });
    lines.push(callLine(common(1, 1), id, 'Bash', { command: `./deploy.sh ${call}` }));
    lines.push(
      resultLine(common(2, 2), id, failed ? 'Exit code 126\nbash: ./deploy.sh: Permission denied' : 'ok', failed),
    );
  }
  writeLines(join(machine, 'projects', '-home-ann-shop', `${session}.jsonl`), lines);
}

describe('sesh fixes', () => {
  test('adds, lists, checks and removes a fix, and the register is a file that people can read', async () => {
    writeSession(1, '2026-02-05', 120, 12);
    writeSession(2, '2026-02-08', 120, 0);
    await syncStore({ store, roots: [join(machine, 'projects')] });
    expect((await sesh(['fixes'])).stderr).toContain('No fix is registered');
    const added = await sesh([
      'fixes',
      'add',
      '--id',
      '84',
      '--title',
      'may run it',
      '--fixed-at',
      '2026-02-06T21:37:49Z',
      '--category',
      'permission',
    ]);
    expect(added).toMatchObject({ code: 0 });
    expect(readFileSync(register, 'utf8')).toContain('fixed_at: 2026-02-06T21:37:49Z');
    expect(JSON.parse((await sesh(['fixes', '--json'])).stdout)).toMatchObject({
      file: register,
      fixes: [{ id: '84', fixed_at: '2026-02-06T21:37:49.000Z', match: { category: 'permission' } }],
    });
    expect(JSON.parse((await sesh(['fixes', 'check', '--json'])).stdout)).toMatchObject({
      fixes: [
        {
          fix_id: '84',
          verdict: 'helped',
          incidents_before: 12,
          incidents_after: 0,
          calls_before: 120,
          calls_after: 120,
        },
      ],
    });
    expect(await sesh(['fixes', 'remove', '--id', '84'])).toMatchObject({ code: 0 });
    expect((await sesh(['fixes', 'remove', '--id', '84'])).code).toBe(2);
  });

  test('imports closed issues once', async () => {
    const issues = '[{"number": 9, "title": "x", "closedAt": "2026-02-06T21:37:49Z", "labels": [{"name": "timeout"}]}]';
    const first = await sesh(['fixes', 'import', '--json'], issues);
    expect(JSON.parse(first.stdout)).toMatchObject({ fixes: [{ id: '9', match: { category: 'timeout' } }] });
    expect(JSON.parse((await sesh(['fixes', 'import', '--json'], issues)).stdout)).toMatchObject({ fixes: [] });
  });

  test.each([
    [['fixes', 'mend'], 'Expected list, add, remove, import or check, got "mend".'],
    [['fixes', 'add', '--fixed-at', '2026-02-06'], 'Expected --id.'],
    [['fixes', 'add', '--id', '1', '--category', 'timeout'], 'Expected --fixed-at, or --commit with --repo.'],
    [['fixes', 'add', '--id', '1', '--fixed-at', '2026-02-06'], 'a fix has to say which incidents it should end'],
    [
      ['fixes', 'add', '--id', '1', '--fixed-at', 'soon', '--category', 'timeout'],
      'Expected --fixed-at to be a moment',
    ],
  ])('%j is refused', async (args, complaint) => {
    const { code, stderr } = await sesh(args);
    expect(code).toBe(2);
    expect(stderr).toContain(complaint);
  });

  test('a pattern that is no regular expression is said by name, wherever the register is used', async () => {
    const file = join(machine, 'broken.yaml');
    writeFileSync(file, 'fixes:\n  - id: 1\n    fixed_at: 2026-02-06\n    match:\n      pattern: "(a"\n');
    const { code, stderr } = await sesh(['report', '--stdout', '--fixes', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('The pattern of 1 (fixes) is no regular expression');
    expect(existsSync(join(machine, 'reports'))).toBe(false);
  });
});
