import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noMatch, type Fix } from '../../src/fixes/fix.ts';
import { commitTime } from '../../src/fixes/git.ts';
import { fixesFromIssues } from '../../src/fixes/github.ts';
import { parseRegister, withFix, withoutFix } from '../../src/fixes/register.ts';
import { scratch } from '../helpers/scratch.ts';

const fix: Fix = {
  id: '84',
  title: 'rsync: no password',
  fixedAt: Date.parse('2026-02-06T21:37:49Z') * 1000,
  match: { ...noMatch, category: 'permission', project: 'shop' },
  issue: 'https://example.org/issues/84',
  commit: null,
};

const written = `# Reviewed by ann.
fixes:
  # The first one.
  - id: 7
    title: a fix
    fixed_at: 2026-02-06T21:37:49
    match:
      pattern: "permission denied"
`;

describe('a register', () => {
  test('is read with times without an offset in the zone of the run', () => {
    expect(parseRegister(written, 'fixes.yaml', 'Europe/Berlin')).toEqual([
      {
        id: '7',
        title: 'a fix',
        fixedAt: Date.parse('2026-02-06T20:37:49Z') * 1000,
        match: { ...noMatch, pattern: 'permission denied' },
        issue: null,
        commit: null,
      },
    ]);
    expect(parseRegister('', 'fixes.yaml', 'UTC')).toEqual([]);
    expect(parseRegister('fixes: []\n', 'fixes.yaml', 'UTC')).toEqual([]);
  });

  test('takes one more fix and gives it back, and keeps what people wrote', () => {
    const text = withFix(written, 'fixes.yaml', fix);
    expect(parseRegister(text, 'fixes.yaml', 'UTC').at(-1)).toEqual(fix);
    expect(text.startsWith(written)).toBe(true);
    expect(withoutFix(text, 'fixes.yaml', '84')).toBe(written);
    expect(withoutFix(written, 'fixes.yaml', '84')).toBeNull();
  });

  test('that does not exist yet begins with a word on what it is', () => {
    const text = withFix('', 'fixes.yaml', fix);
    expect(text.startsWith('# Fixes: what was repaired')).toBe(true);
    expect(parseRegister(text, 'fixes.yaml', 'UTC')).toEqual([fix]);
  });

  test.each([
    ['fixes:\n  - title: x\n', 'fixes.yaml:2: expected the fix to have an id'],
    ['fixes:\n  - id: 1\n    fixed_at: yesterday\n', 'fixes.yaml:2: expected fixed_at of fix 1 to be a moment'],
    ['fixes:\n  - id: 1\n    fixed_at: 2026-02-06\n    colour: red\n', 'fixes.yaml:2: "colour" is not known here.'],
    ['fixes:\n  - id: 1\n    fixed_at: 2026-02-06\n    match: permission\n', 'fixes.yaml:2: expected match of fix 1'],
    [
      'fixes:\n  - id: 1\n    fixed_at: 2026-02-06\n  - id: 1\n    fixed_at: 2026-02-07\n',
      'fixes.yaml: the fix 1 is there twice.',
    ],
    ['fixes: 3\n', 'fixes.yaml: expected a list under "fixes:".'],
    ['other: []\n', 'fixes.yaml: "other" is not known here.'],
    ['fixes:\n  - id: "1\n', 'fixes.yaml:3: it is not YAML'],
    ['fixes:\n  - just text\n', 'expected a fix with id, title and fixed_at.'],
    ['a: &a [x]\nfixes: *a\n', '"a" is not known here.'],
  ])('%j is refused with file and line', (text, complaint) => {
    expect(() => parseRegister(text, 'fixes.yaml', 'UTC')).toThrow(complaint);
  });
});

describe('closed issues', () => {
  const issues = JSON.stringify([
    {
      number: 84,
      title: 'no password',
      closedAt: '2026-02-06T21:37:49Z',
      labels: [{ name: 'bug' }, { name: 'permission' }],
      url: 'https://example.org/84',
    },
    { number: 85, title: 'open', closedAt: null, labels: [] },
    { number: 86, title: 'other', closedAt: '2026-02-07T00:00:00Z', labels: [{ name: 'docs' }] },
  ]);

  test('become fixes, with the category that a label names', () => {
    const found = fixesFromIssues(issues, 'standard input', new Set(['permission', 'timeout']));
    expect(found.map(({ id, match, issue }) => [id, match.category, issue])).toEqual([
      ['84', 'permission', 'https://example.org/84'],
      ['86', null, null],
    ]);
    expect(found[0]?.fixedAt).toBe(fix.fixedAt);
  });

  test.each(['not json', '{}', '[{}]', '[{"number": 1, "closedAt": "last week"}]'])('%s is refused', (text) => {
    expect(() => fixesFromIssues(text, 'issues.json', new Set())).toThrow(/^issues\.json: /);
  });
});

describe('the time of a commit', () => {
  const git = (repository: string, ...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], {
      encoding: 'utf8',
      env: {
        ...process.env,
        GIT_AUTHOR_DATE: '2026-02-06T21:37:49Z',
        GIT_COMMITTER_DATE: '2026-02-06T22:00:00Z',
        GIT_CONFIG_GLOBAL: '/dev/null',
      },
    });

  test('is read from a local repository, whose hooks and settings run nothing', async () => {
    const repository = scratch();
    git(repository, 'init', '-q');
    const mark = join(repository, 'ran');
    const trap = join(repository, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    git(
      repository,
      '-c',
      'user.name=ann',
      '-c',
      'user.email=a@example.org',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'fix',
    );
    git(repository, 'config', 'core.fsmonitor', trap);
    git(repository, 'config', 'core.pager', trap);
    expect(await commitTime(repository, 'HEAD')).toBe(Date.parse('2026-02-06T22:00:00Z') * 1000);
    expect(() => execFileSync('ls', [mark], { stdio: 'ignore' })).toThrow('ls');
    await expect(commitTime(repository, 'nowhere')).rejects.toThrow('nowhere was not found');
    await expect(commitTime(repository, '--upload-pack=x')).rejects.toThrow('Expected --commit to name a commit');
  });
});
