import { resolve } from 'node:path';
import { exitCode, type ExitCode } from '../core/errors.ts';
import type { Window } from '../core/window.ts';
import { renderReport } from '../report/page.ts';
import { closedWindow, reportDate } from '../report/period.ts';
import { redactionKey } from '../report/redaction-key.ts';
import { buildReport } from '../report/report.ts';
import type { Report } from '../report/value.ts';
import { writeReport, type WrittenReport } from '../report/write.ts';
import { windowOf, type Invocation } from './command.ts';
import { ownSettings } from './settings.ts';
import { withViews } from './views.ts';

const DEFAULT_SINCE = '1d';
/** The folder for reports when `--out` names none. */
export const DEFAULT_REPORTS = 'reports';

/** Writes `<date>.md` and `<date>.json`; `--stdout` prints the page, `--json` the value that the `.json` holds, instead. */
export async function report(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone, now } = invocation;
  const window = closedWindow(windowOf(invocation, DEFAULT_SINCE), now());
  const value = await makeReport(invocation, window);
  if (flags.flag('json')) terminal.json(value);
  else if (flags.flag('stdout')) terminal.print(renderReport(value).trimEnd());
  else terminal.print((await saveReport(invocation, value, reportDate(window, zone))).markdownPath);
  return exitCode.ok;
}

export async function makeReport(invocation: Invocation, window: Window): Promise<Report> {
  const { zone, storeDir } = invocation;
  return withViews({ storeDir, settings: ownSettings(invocation, window) }, async (views) =>
    buildReport(views, { window, zone, redactionKey: await redactionKey(storeDir) }),
  );
}

export async function saveReport({ flags }: Invocation, value: Report, date: string): Promise<WrittenReport> {
  const directory = resolve(flags.text('out') ?? DEFAULT_REPORTS);
  return writeReport({ directory, date, markdown: renderReport(value), json: value });
}
