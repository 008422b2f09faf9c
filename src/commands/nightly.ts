import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatCount } from '../core/figures.ts';
import { everything } from '../core/window.ts';
import { nightly as runNightly, nightlyLine, type StepOutcome } from '../report/nightly.ts';
import { parseScheduler, printSchedule } from '../report/schedule.ts';
import type { Invocation } from './command.ts';
import { DEFAULT_REPORTS, makeReport, saveReport } from './report.ts';
import { syncExitCode, syncStore } from './sync.ts';
import { vacuumStore } from './vacuum.ts';

/**
 * Sync, then the report. Says one line on a terminal, and elsewhere only when something is wrong. JSON: `started_at`,
 * `took_s`, `exit_code` and `steps` (name, exit_code, summary).
 */
export async function nightly(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone, now, io } = invocation;
  const scheduler = flags.text('print');
  if (scheduler !== undefined) return printJob(invocation, scheduler);
  const record = await runNightly(
    {
      sync: () => syncStep(invocation),
      report: async (window, date) => {
        const { markdownPath } = await saveReport(invocation, await makeReport(invocation, window), date);
        return { exitCode: exitCode.ok, summary: markdownPath };
      },
    },
    { since: flags.text('since'), until: flags.text('until'), zone, now },
  );
  if (flags.flag('json')) terminal.json(record);
  else if (record.exit_code !== exitCode.ok) terminal.note(nightlyLine(record));
  else if (io.stdoutIsTTY || flags.flag('verbose')) terminal.print(nightlyLine(record));
  return record.exit_code;
}

/** A night reads all that is new, whatever stretch the report is about, and drops what a week of old versions needed. */
async function syncStep(invocation: Invocation): Promise<StepOutcome> {
  const summary = await syncStore(invocation, everything, false, false);
  const { files, problems } = summary;
  await vacuumStore(invocation);
  const figures = `${formatCount(files.seen)} files, ${formatCount(files.new)} new, ${formatCount(files.grown)} grown`;
  return { exitCode: syncExitCode(summary), summary: [figures, ...problems].join('; ') };
}

async function printJob({ flags, terminal, storeDir, surroundings }: Invocation, scheduler: string): Promise<ExitCode> {
  const text = await printSchedule(parseScheduler(scheduler), {
    node: process.execPath,
    cli: fileURLToPath(new URL('../cli.js', import.meta.url)),
    home: surroundings.home,
    store: storeDir,
    reports: resolve(flags.text('out') ?? DEFAULT_REPORTS),
  });
  terminal.print(text.trimEnd());
  return exitCode.ok;
}
