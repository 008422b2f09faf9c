import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, UsageError } from '../core/errors.ts';
import type { Micros } from '../core/event.ts';
import { isoMoment } from '../core/time.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/** Settings of a repository that would have git run a program or reach for the network. */
const harmless = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'log.showSignature=false',
  // A partial clone fetches a commit that it lacks, with a command that its own configuration names.
  'protocol.allow=never',
];

/** Only what git needs: no GIT_* of the caller, no settings but those of the repository. */
function environment(): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
  };
}

/**
 * When a commit was made, from a local repository. Nothing of the repository runs: no hooks, no file watcher, no pager,
 * no signature check, no fetch (security.md T55); git itself refuses one that belongs to another person. Throws a UsageError.
 */
export async function commitTime(repository: string, commit: string): Promise<Micros> {
  if (!/^[0-9A-Za-z][\w./~^-]{0,199}$/.test(commit)) {
    throw new UsageError(`Expected --commit to name a commit, got ${JSON.stringify(commit)}.`);
  }
  const options = ['--no-pager', '--no-replace-objects', ...harmless.flatMap((setting) => ['-c', setting])];
  const show = ['show', '--no-patch', '--no-show-signature', '--no-ext-diff', '--no-textconv', '--format=%cI'];
  const printed = await shown([...options, '-C', repository, ...show, '--end-of-options', commit], repository, commit);
  const moment = isoMoment(printed, 'UTC');
  if (moment === null) throw new UsageError(`git did not tell when ${commit} was made, it said "${printed}".`);
  return moment;
}

async function shown(command: readonly string[], repository: string, commit: string): Promise<string> {
  try {
    const { stdout } = await run('git', [...command], { timeout: TIMEOUT_MS, env: environment() });
    return stdout.trim().split('\n').at(-1) ?? '';
  } catch (error) {
    throw new UsageError(
      `${commit} was not found in ${repository} (${reasonOf(error)}).`,
      'Name the repository with --repo and the commit with --commit, or give --fixed-at.',
    );
  }
}

/** What git said itself; what Node says is the whole command line. */
function reasonOf(error: unknown): string {
  const said =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return (said === '' ? messageOf(error) : said).split('\n')[0] ?? '';
}
