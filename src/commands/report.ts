import { resolve } from 'node:path';
import { exitCode, UsageError, type ExitCode } from '../core/errors.ts';
import type { Window } from '../core/window.ts';
import { readCalibrations } from '../judge/calibrate/record.ts';
import { ledgerDirectory } from './judge/folder.ts';
import { storePaths } from '../lake/store.ts';
import { frictionChart } from '../report/chart/chart.ts';
import { writeDrafts, type WrittenDrafts } from '../report/issues/write.ts';
import { renderReport } from '../report/page.ts';
import { closedWindow, reportDate } from '../report/period.ts';
import { parsePrivacy } from '../report/privacy.ts';
import { redactionKey } from '../lake/redaction-key.ts';
import { buildWithIssues, type BuiltReport } from '../report/report.ts';
import type { Report } from '../report/value.ts';
import { chartName, writeReport, type WrittenReport } from '../report/write.ts';
import { windowOf, type Invocation } from './command.ts';
import { ownSettings } from './settings.ts';
import { withViews } from './views.ts';

const DEFAULT_SINCE = '1d';
/** The folder for reports when `--out` names none. */
export const DEFAULT_REPORTS = 'reports';

/**
 * Writes `<date>.md`, `<date>.json` and a picture; `--stdout` prints the page, `--json` the value that the `.json` holds,
 * instead, or too where `--out` names a folder. `--issues` writes issue drafts, too.
 */
export async function report(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone, now } = invocation;
  const window = closedWindow(windowOf(invocation, DEFAULT_SINCE), now());
  const drafts = draftsDirectory(invocation);
  const built = await makeReport(invocation, window);
  if (flags.flag('json')) terminal.json(built.report);
  else if (flags.flag('stdout')) terminal.print(renderReport(built.report).trimEnd());
  if (isWritten(invocation)) {
    const { markdownPath } = await saveReport(invocation, built.report, reportDate(window, zone));
    if (!isPrinted(invocation)) terminal.print(markdownPath);
  }
  if (drafts !== null) terminal.note(draftsText(drafts, await writeDrafts(drafts, built.issues, built.report)));
  return exitCode.ok;
}

function isPrinted({ flags }: Invocation): boolean {
  return flags.flag('json') || flags.flag('stdout');
}

function isWritten(invocation: Invocation): boolean {
  return !isPrinted(invocation) || invocation.flags.text('out') !== undefined;
}

export async function makeReport(invocation: Invocation, window: Window): Promise<BuiltReport> {
  const { flags, zone, storeDir, memoryBytes } = invocation;
  const privacy = parsePrivacy(flags.text('privacy'));
  const compare = flags.flag('compare');
  if (compare && window.since === null) {
    throw new UsageError('Expected --since with --compare: without a beginning there is no window before.');
  }
  return withViews({ storeDir, memoryBytes, settings: ownSettings(invocation, window) }, async (views) =>
    buildWithIssues(views, {
      window,
      zone,
      privacy,
      compare,
      redactionKey: await redactionKey(storeDir),
      calibrations: await readCalibrations(ledgerDirectory(storePaths(storeDir))),
    }),
  );
}

export async function saveReport({ flags }: Invocation, value: Report, date: string): Promise<WrittenReport> {
  const directory = resolve(flags.text('out') ?? DEFAULT_REPORTS);
  const chart = frictionChart(value.days);
  const markdown = renderReport(value, chart === null ? null : chartName(date));
  return writeReport({ directory, date, markdown, json: value, chart });
}

/** The folder for issue drafts; null when none are asked for. A draft quotes, so it needs a level that lets it. */
function draftsDirectory({ flags }: Invocation): string | null {
  const directory = flags.text('issues');
  if (directory === undefined) return null;
  if (parsePrivacy(flags.text('privacy')) === 'aggregate') {
    throw new UsageError('Expected --issues with --privacy redacted or full: an issue draft quotes what happened.');
  }
  return resolve(directory);
}

function draftsText(directory: string, { written, fixed, kept }: WrittenDrafts): string {
  const parts = [
    `${written.length} written`,
    ...(kept.length === 0 ? [] : [`${kept.length} left as a person changed them`]),
    ...(fixed.length === 0 ? [] : [`${fixed.length} marked as fixed`]),
  ];
  return `Issue drafts in ${directory}: ${parts.join(', ')}.`;
}
