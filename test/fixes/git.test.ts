import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitTime } from '../../src/fixes/git.ts';
import { scratch } from '../helpers/scratch.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;
const noGit = 'git is not installed';
const at = '2026-02-06T21:37:49Z';

interface Repository {
  readonly folder: string;
  /** Made by whatever of the repository runs. */
  readonly marker: string;
  readonly git: (...args: readonly string[]) => string;
}

/** A repository with one commit, whose hooks and settings all leave a mark when they run. */
function hostileRepository(): Repository {
  const root = scratch();
  const folder = join(root, 'repository');
  const marker = join(root, 'ran');
  mkdirSync(folder);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  git('init', '--quiet');
  writeFileSync(join(folder, 'a.txt'), 'a');
  writeFileSync(join(folder, '.gitattributes'), '* diff=evil filter=evil\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'one');
  const script = join(root, 'evil.sh');
  writeFileSync(script, `#!/bin/sh\ntouch '${marker}'\ncat\n`);
  chmodSync(script, 0o755);
  for (const hook of [
    'post-checkout',
    'pre-commit',
    'post-index-change',
    'fsmonitor-watchman',
    'reference-transaction',
  ]) {
    writeFileSync(join(folder, '.git', 'hooks', hook), `#!/bin/sh\ntouch '${marker}'\n`);
    chmodSync(join(folder, '.git', 'hooks', hook), 0o755);
  }
  const settings = {
    'core.fsmonitor': script,
    'core.hooksPath': join(folder, '.git', 'hooks'),
    'core.pager': script,
    'pager.show': script,
    'core.sshCommand': script,
    'core.askPass': script,
    'core.editor': script,
    'diff.external': script,
    'diff.evil.textconv': script,
    'diff.evil.command': script,
    'filter.evil.smudge': script,
    'filter.evil.clean': script,
    'gpg.program': script,
    'log.showSignature': 'true',
    'alias.show': `!${script}`,
    'extensions.partialClone': 'origin',
    'core.repositoryFormatVersion': '1',
    'remote.origin.url': root,
    'remote.origin.promisor': 'true',
    'remote.origin.uploadpack': script,
    'credential.helper': `!${script}`,
  };
  const lines = Object.entries(settings).map(([name, value]) => {
    const parts = name.split('.');
    const section = parts.length === 3 ? `[${parts[0] ?? ''} "${parts[1] ?? ''}"]` : `[${parts[0] ?? ''}]`;
    return `${section}\n\t${parts.at(-1) ?? ''} = "${value}"`;
  });
  writeFileSync(join(folder, '.git', 'config'), `${lines.join('\n')}\n`);
  return { folder, marker, git };
}

describe('the time of a commit', () => {
  test('is read from a hostile repository, of which nothing runs (T55)', async ({ skip }) => {
    skip(!hasGit, noGit);
    const { folder, marker } = hostileRepository();
    expect(new Date((await commitTime(folder, 'HEAD')) / 1000).toISOString()).toBe('2026-02-06T21:37:49.000Z');
    expect(existsSync(marker)).toBe(false);
  });

  test('a missing commit of a partial clone is not fetched (T55)', async ({ skip }) => {
    skip(!hasGit, noGit);
    const { folder, marker } = hostileRepository();
    await expect(commitTime(folder, 'a'.repeat(40))).rejects.toThrow(/was not found/);
    const objects = join(folder, '.git', 'objects');
    for (const name of readdirSync(objects)) rmSync(join(objects, name), { recursive: true });
    await expect(commitTime(folder, 'HEAD')).rejects.toThrow(/was not found/);
    expect(existsSync(marker)).toBe(false);
  });

  test('the repository is one that would run something (T55)', ({ skip }) => {
    skip(!hasGit, noGit);
    const { folder, marker } = hostileRepository();
    // Without what sesh tells git, a listing of changes is enough.
    spawnSync('git', ['status'], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } });
    expect(existsSync(marker)).toBe(true);
  });

  test("another person's repository is refused (T55)", async ({ skip }) => {
    skip(!hasGit, noGit);
    skip(process.getuid?.() !== 0, 'only root can give a folder away');
    const { folder, marker } = hostileRepository();
    chownSync(folder, 12_345, 12_345);
    chownSync(join(folder, '.git'), 12_345, 12_345);
    await expect(commitTime(folder, 'HEAD')).rejects.toThrow(/dubious ownership/);
    expect(existsSync(marker)).toBe(false);
  });

  test('the settings of the caller do not count (T55)', async ({ skip }) => {
    skip(!hasGit, noGit);
    const { folder, marker } = hostileRepository();
    const given = { GIT_DIR: '/nonexistent', GIT_EXTERNAL_DIFF: `touch ${marker}`, GIT_CONFIG_COUNT: 'x' };
    Object.assign(process.env, given);
    try {
      await expect(commitTime(folder, 'HEAD')).resolves.toBe(Date.parse(at) * 1000);
    } finally {
      for (const name of Object.keys(given)) delete process.env[name];
    }
  });

  test.each(['', '--output=/tmp/x', '-p', 'HEAD;touch x', '$(touch x)', 'a b', 'HEAD\n', '\u0000', '@{-1}', ':/x'])(
    '%j is no commit (T54, T55)',
    async (commit) => {
      await expect(commitTime('/', commit)).rejects.toThrow(/Expected --commit to name a commit/);
    },
  );
});
