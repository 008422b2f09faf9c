import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatBytes, plural } from '../core/figures.ts';
import { parseDuration } from '../core/time.ts';
import { acquireLock } from '../lake/lock.ts';
import { openStore } from '../lake/store.ts';
import { vacuum as vacuumTables, type Vacuumed } from '../lake/vacuum.ts';
import type { Invocation } from './command.ts';
import { expire, type Expired } from './retention.ts';

const DEFAULT_KEEP = '7d';
const DAY_S = 86_400;

/**
 * Removes files that only old versions name, and what is older than `privacy.yaml` has it kept. JSON: `dry_run`, `files` (path,
 * size_bytes), `bytes`, `forgotten_sessions` and `judge_replies`.
 */
export async function vacuum(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const dryRun = flags.flag('dry-run');
  const expired = await expire(invocation, dryRun);
  const removed = await vacuumStore(invocation, flags.text('keep') ?? DEFAULT_KEEP, dryRun);
  const bytes = removed.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  if (flags.flag('json')) {
    const files = removed.map(({ path, sizeBytes }) => ({ path, size_bytes: sizeBytes }));
    const { sessions, replies } = expired;
    terminal.json({ dry_run: dryRun, files, bytes, forgotten_sessions: sessions, judge_replies: replies });
  } else {
    const verb = dryRun ? 'would be removed' : 'removed';
    terminal.print(`${plural(removed.length, 'file')} of old versions ${verb}, ${formatBytes(bytes)}.`);
    for (const line of expiredLines(expired, dryRun)) terminal.print(line);
  }
  return exitCode.ok;
}

function expiredLines({ sessions, replies }: Expired, dryRun: boolean): readonly string[] {
  const verb = dryRun ? 'would be forgotten' : 'forgotten';
  return [
    ...(sessions === 0 ? [] : [`${plural(sessions, 'session')} older than privacy.yaml keeps them ${verb}.`]),
    ...(replies === 0 ? [] : [`${plural(replies, 'answer')} of a judge older than privacy.yaml keeps them ${verb}.`]),
  ];
}

/** `keep` is a duration: versions that were the newest within it stay readable. */
export async function vacuumStore(
  { storeDir, now }: Invocation,
  keep = DEFAULT_KEEP,
  dryRun = false,
): Promise<readonly Vacuumed[]> {
  const store = await openStore(storeDir, { create: false });
  const options = { retainDays: parseDuration(keep, '--keep') / DAY_S, now: new Date(now() / 1000), dryRun };
  if (dryRun) return vacuumTables(store, options);
  const lock = await acquireLock(store, 'vacuum', { waitS: 0 });
  try {
    return await vacuumTables(store, options);
  } finally {
    await lock.release();
  }
}
