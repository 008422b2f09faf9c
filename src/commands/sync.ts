import { existsSync } from 'node:fs';
import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatBytes, formatCount } from '../core/figures.ts';
import { formatDuration } from '../core/time.ts';
import type { Window } from '../core/window.ts';
import { sync as runSync } from '../ingest/sync.ts';
import type { SyncSummary } from '../ingest/summary.ts';
import { setAsideLines } from './set-aside.ts';
import { windowOf, type Invocation } from './command.ts';
import { planFile } from '../lake/forget/plan.ts';
import { openStore, storePaths } from '../lake/store.ts';
import { readPrivacy, secretTexts } from './privacy.ts';
import { openProgress } from './progress.ts';
import type { Line, Terminal } from './terminal.ts';

export async function sync(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const summary = await syncStore(invocation, windowOf(invocation), flags.flag('dry-run'), flags.flag('full'));
  if (flags.flag('json')) terminal.json(summary);
  else printSummary(summary, terminal);
  return flags.flag('strict') && summary.misunderstood.length > 0 ? exitCode.dataProblems : syncExitCode(summary);
}

/** The sync that `sesh sync` and `sesh nightly` share, with its progress on standard error. */
export async function syncStore(
  invocation: Invocation,
  window: Window,
  dryRun: boolean,
  full: boolean,
  recheck = false,
): Promise<SyncSummary> {
  const { flags, surroundings, storeDir, memoryBytes, now } = invocation;
  // What a run that was cut off had begun to forget must not be there when its transcripts are found again.
  if (!dryRun && existsSync(planFile(storePaths(storeDir)))) {
    const { finishForgetting } = await import('./forgetting.ts');
    await finishForgetting(await openStore(storeDir, { create: false }), new Date(now() / 1000));
  }
  const privacy = await readPrivacy(surroundings);
  const progress = openProgress(invocation);
  try {
    return await runSync(
      {
        storeDir,
        roots: flags.list('root'),
        agents: flags.list('agent'),
        window,
        dryRun,
        full,
        recheck,
        secretTexts: secretTexts(privacy),
        memoryBytes,
      },
      { ...surroundings, now, progress },
    );
  } finally {
    progress.stop();
  }
}

/** 3 when something could not be read or the sums do not add up, else 0. */
export function syncExitCode({ files, lines, problems }: SyncSummary): ExitCode {
  const sound = files.unreadable === 0 && lines.quarantined === 0 && problems.length === 0;
  return sound ? exitCode.ok : exitCode.dataProblems;
}

function printSummary(summary: SyncSummary, terminal: Terminal): void {
  for (const line of summaryLines(summary)) terminal.print(line);
  for (const line of setAsideLines(summary)) terminal.note(line);
  for (const { path, reason } of summary.skipped) {
    terminal.note(reason.startsWith(path) ? `Skipped: ${reason}` : `Skipped ${path}: ${reason}`);
  }
  for (const { agent, events, unknown } of summary.misunderstood) {
    const share = `${formatCount(unknown)} of ${plural(events, 'event')}`;
    terminal.note([
      { style: 'yellow', text: 'Warning:' },
      ` ${share} of ${agent} are of types that this version does not know; its format may have changed. They are kept, and a newer sesh derives them again.`,
    ]);
  }
  for (const warning of summary.warnings) terminal.note([{ style: 'yellow', text: 'Warning:' }, ` ${warning}`]);
  for (const problem of summary.problems) terminal.note([{ style: 'red', text: 'Problem:' }, ` ${problem}`]);
}

/** The summary as a person checks it: each sum stands beside its parts. */
export function summaryLines(summary: SyncSummary): readonly Line[] {
  const { files, bytes, lines, events, unknown } = summary;
  const count = formatCount;
  return [
    [{ style: 'bold', text: headline(summary) }],
    `files     ${count(files.seen)} seen: ${listed([
      [files.new, 'new'],
      [files.grown, 'grown'],
      [files.unchanged, 'unchanged'],
      [files.replaced, 'replaced'],
      [files.unreadable, 'unreadable'],
      [files.outside_window, 'outside the window'],
    ])}${files.gone === 0 ? '' : `; ${count(files.gone)} gone, kept in the archive`}`,
    `bytes     ${formatBytes(bytes.read)} read: ${formatBytes(bytes.archived)} archived, ${formatBytes(bytes.pending)} pending`,
    `lines     ${count(lines.total)} = ${count(lines.records)} records + ${count(lines.salvaged)} salvaged + ${count(lines.quarantined)} quarantined + ${count(lines.blank)} blank`,
    `events    ${count(events.derived)} = ${count(events.kept)} kept + ${count(events.duplicates)} duplicates`,
    `sessions  ${count(summary.sessions)}`,
    ...unknown.map(
      ({ agent, record_type, events }) =>
        `unknown   ${agent} ${record_type}: ${plural(events, 'event')}, kept as they are`,
    ),
  ];
}

function headline({ dry_run, files, bytes, took_s, store }: SyncSummary): string {
  const changed = files.new + files.grown + files.replaced;
  const amount = `${plural(changed, 'file')} (${formatBytes(bytes.read)})`;
  if (dry_run) return `Would read ${amount} into ${store}; nothing was written.`;
  if (changed === 0) return `Nothing new for ${store} (${formatDuration(took_s)}).`;
  return `Read ${amount} into ${store} in ${formatDuration(took_s)}.`;
}

function listed(parts: readonly (readonly [number, string])[]): string {
  const some = parts.filter(([amount]) => amount > 0).map(([amount, name]) => `${formatCount(amount)} ${name}`);
  return some.length === 0 ? 'none' : some.join(', ');
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
