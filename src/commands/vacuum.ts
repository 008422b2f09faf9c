import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatBytes, formatCount, plural } from '../core/figures.ts';
import { parseDuration } from '../core/time.ts';
import { dropUnmadeJournal } from '../ingest/ledger.ts';
import { compactArchive, filesToCompact, type Compacted } from '../lake/compact/compact.ts';
import { acquireLock } from '../lake/lock.ts';
import { readSnapshot } from '../lake/log.ts';
import { openStore, type Store } from '../lake/store.ts';
import { vacuum as vacuumTables, type Vacuumed } from '../lake/vacuum.ts';
import type { Invocation } from './command.ts';
import { openProgress } from './progress.ts';
import { expire, type Expired } from './retention.ts';

const DEFAULT_KEEP = '7d';
const DAY_S = 86_400;

/** A night, or a person, is not kept longer: the rest is for the next run. */
const MOST_COMPACTING_MS = 5 * 60_000;

/**
 * Removes files that only old versions name, and what is older than `privacy.yaml` has it kept; then puts files of the archive together.
 * JSON: `dry_run`, `files` (path, size_bytes), `bytes`, `forgotten_sessions`, `judge_replies` and `archive` (old_files, old_bytes,
 * new_files, new_bytes, old_files_until, left, damaged_files).
 */
export async function vacuum(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const dryRun = flags.flag('dry-run');
  const expired = await expire(invocation, dryRun);
  const { removed, archive, oldFilesUntil } = await vacuumStore(invocation, flags.text('keep') ?? DEFAULT_KEEP, dryRun);
  const bytes = sizeOf(removed);
  if (flags.flag('json')) {
    const files = removed.map(({ path, sizeBytes }) => ({ path, size_bytes: sizeBytes }));
    const { sessions, replies } = expired;
    terminal.json({
      dry_run: dryRun,
      files,
      bytes,
      forgotten_sessions: sessions,
      judge_replies: replies,
      archive: {
        old_files: archive.oldFiles,
        old_bytes: archive.oldBytes,
        new_files: archive.newFiles,
        new_bytes: archive.newBytes,
        old_files_until: oldFilesUntil,
        left: archive.left,
        damaged_files: archive.damaged,
      },
    });
  } else {
    const verb = dryRun ? 'would be removed' : 'removed';
    terminal.print(`${plural(removed.length, 'file')} of old versions ${verb}, ${formatBytes(bytes)}.`);
    for (const line of expiredLines(expired, dryRun)) terminal.print(line);
    for (const line of archiveLines(archive, oldFilesUntil)) terminal.print(line);
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

/** The disk has more on it at first: that has to be said where somebody cleans up for want of room. */
function archiveLines(archive: Compacted, oldFilesUntil: string | null): readonly string[] {
  const { oldFiles, oldBytes, newFiles, newBytes, left, damaged } = archive;
  const old = `${plural(oldFiles, 'file')} of the archive, ${formatBytes(oldBytes)},`;
  const rest = { time: 'More is left for the next run.', room: 'More is left for when the disk has room for it.' };
  return [
    ...(newFiles > 0 ? [`${old} written anew as ${formatCount(newFiles)}, ${formatBytes(newBytes)}.`] : []),
    ...(newFiles > 0 && oldFilesUntil !== null
      ? [
          `The old ones stay for readers of old versions: a vacuum after ${oldFilesUntil.slice(0, 10)} removes them, \`sesh vacuum --keep 0d\` at once.`,
        ]
      : []),
    ...(newFiles === 0 && oldFiles > 0 ? [`${old} would be written anew.`] : []),
    ...(left === null ? [] : [rest[left]]),
    ...(damaged === 0
      ? []
      : [`${plural(damaged, 'file')} of the archive left as it is, because it is damaged: see sesh doctor.`]),
  ];
}

interface Vacuuming {
  readonly removed: readonly Vacuumed[];
  readonly archive: Compacted;
  /** ISO 8601: from then on the files that were written anew may go; null when there are none. */
  readonly oldFilesUntil: string | null;
}

/** `keep` is a duration: versions that were the newest within it stay readable. */
export async function vacuumStore(invocation: Invocation, keep = DEFAULT_KEEP, dryRun = false): Promise<Vacuuming> {
  const { storeDir, now } = invocation;
  const store = await openStore(storeDir, { create: false });
  const retainS = parseDuration(keep, '--keep');
  const moment = new Date(now() / 1000);
  const options = { retainDays: retainS / DAY_S, now: moment, dryRun };
  if (dryRun)
    return { removed: await vacuumTables(store, options), archive: await foreseen(store), oldFilesUntil: null };
  const lock = await acquireLock(store, 'vacuum', { waitS: 0 });
  try {
    const removed = await vacuumTables(store, options);
    await dropUnmadeJournal(store);
    const archive = await compactStore(invocation, store, moment);
    const until = new Date(moment.getTime() + retainS * 1000).toISOString();
    return { removed, archive, oldFilesUntil: archive.newFiles > 0 ? until : null };
  } finally {
    await lock.release();
  }
}

async function compactStore(invocation: Invocation, store: Store, now: Date): Promise<Compacted> {
  const endMs = performance.now() + MOST_COMPACTING_MS;
  const files = filesToCompact((await readSnapshot(store.tablePath('raw'))).files);
  const progress = openProgress(invocation);
  try {
    if (files.length > 0) {
      progress.total(files.length, sizeOf(files));
      progress.stage('Writing the archive anew');
    }
    return await compactArchive(store, {
      now,
      memoryBytes: invocation.memoryBytes,
      mayGoOn: () => performance.now() < endMs,
      advance: progress.advance,
    });
  } finally {
    progress.stop();
  }
}

async function foreseen(store: Store): Promise<Compacted> {
  const files = filesToCompact((await readSnapshot(store.tablePath('raw'))).files);
  return { oldFiles: files.length, oldBytes: sizeOf(files), newFiles: 0, newBytes: 0, left: null, damaged: 0 };
}

function sizeOf(files: readonly { readonly sizeBytes: number }[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
