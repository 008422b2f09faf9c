import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, UsageError } from '../core/errors.ts';
import type { Micros } from '../core/event.ts';
import { isoMoment } from '../core/time.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/**
 * When a commit was made, from a local repository. Nothing of the repository runs: no hooks, no file watcher, no pager
 * (security.md T55). Throws a UsageError.
 */
export async function commitTime(repository: string, commit: string): Promise<Micros> {
  if (!/^[0-9A-Za-z][\w./~^-]{0,199}$/.test(commit)) {
    throw new UsageError(`Expected --commit to name a commit, got ${JSON.stringify(commit)}.`);
  }
  const settings = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat', 'log.showSignature=false'];
  const options = settings.flatMap((setting) => ['-c', setting]);
  const command = [...options, '-C', repository, 'show', '--no-patch', '--format=%cI', '--end-of-options', commit];
  const printed = await shown(command, repository, commit);
  const moment = isoMoment(printed, 'UTC');
  if (moment === null) throw new UsageError(`git did not tell when ${commit} was made, it said "${printed}".`);
  return moment;
}

async function shown(command: readonly string[], repository: string, commit: string): Promise<string> {
  try {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
    };
    const { stdout } = await run('git', [...command], { timeout: TIMEOUT_MS, env });
    return stdout.trim().split('\n').at(-1) ?? '';
  } catch (error) {
    throw new UsageError(
      `${commit} was not found in ${repository} (${messageOf(error).split('\n')[0] ?? ''}).`,
      'Name the repository with --repo and the commit with --commit, or give --fixed-at.',
    );
  }
}
