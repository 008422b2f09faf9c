import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatCount, plural } from '../core/figures.ts';
import { packageRoot } from '../core/package-root.ts';
import { everything } from '../core/window.ts';
import { checkConditions } from '../report/alerts/alerts.ts';
import { parseCondition, type Condition } from '../report/alerts/condition.ts';
import { knownFigures } from '../report/alerts/figures.ts';
import { isWorthSaying, nightly as runNightly, nightlyLine, type StepOutcome } from '../report/nightly.ts';
import { parseScheduler, printSchedule } from '../report/schedule.ts';
import type { Invocation } from './command.ts';
import { loadCatalog } from '../views/load.ts';
import { DEFAULT_REPORTS, makeReport, saveReport } from './report.ts';
import { expire, isPostponed } from './retention.ts';
import { ownSettings } from './settings.ts';
import { syncExitCode, syncStore } from './sync.ts';
import { vacuumStore } from './vacuum.ts';

/**
 * Sync, then the report. Says one line on a terminal, and elsewhere only when something is wrong or an alert fires. JSON:
 * `started_at`, `took_s`, `exit_code`, `steps` (name, exit_code, summary) and `alerts` (condition, value, fired).
 */
export async function nightly(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone, now, io } = invocation;
  const scheduler = flags.text('print');
  if (scheduler !== undefined) return printJob(invocation, scheduler);
  warnOfForeignCode(invocation);
  const conditions = readConditions(invocation);
  const record = await runNightly(
    {
      sync: () => syncStep(invocation),
      report: async (window, date) => {
        const { report } = await makeReport(invocation, window);
        const { markdownPath } = await saveReport(invocation, report, date);
        return { exitCode: exitCode.ok, summary: markdownPath, alerts: checkConditions(conditions, report) };
      },
      tidy: () => tidyStep(invocation),
    },
    { since: flags.text('since'), until: flags.text('until'), zone, now },
  );
  if (flags.flag('json')) terminal.json(record);
  else if (isWorthSaying(record)) terminal.note(nightlyLine(record));
  else if (io.stdoutIsTTY || flags.flag('verbose')) terminal.print(nightlyLine(record));
  return record.exit_code;
}

/** What a schedule's environment holds was not typed by whoever reads the report (security.md T50). */
function warnOfForeignCode({ surroundings, terminal }: Invocation): void {
  if (!LOADS_CODE.test(surroundings.env['NODE_OPTIONS'] ?? '')) return;
  terminal.note([
    { style: 'yellow', text: 'Warning:' },
    ' NODE_OPTIONS has Node run code that is not of sesh; unset it.',
  ]);
}

const LOADS_CODE = /(?:^|\s)"?(?:-r|--require|--import|--loader|--experimental-loader|--inspect\S*)(?:[=\s]|$)/;

/** The `--alert`s, read before anything runs: a wrong one must not cost a night. */
function readConditions(invocation: Invocation): readonly Condition[] {
  const written = invocation.flags.list('alert');
  if (written.length === 0) return [];
  const catalog = loadCatalog();
  const own = ownSettings(invocation, everything).seeds.find(({ name }) => name === RULES);
  const rules = own ?? catalog.seeds.get(RULES);
  const column = rules?.columns.findIndex(({ name }) => name === 'category') ?? -1;
  const categories = new Set(rules?.rows.flatMap((row) => row[column] ?? []));
  // A rule of this category says what is no friction.
  categories.delete('none');
  const known = knownFigures([...categories].sort(), catalog.views.has('judge_summary'));
  return written.map((text) => parseCondition(text, known));
}

const RULES = 'seeds.friction_rules';

/**
 * A night reads all that is new, whatever stretch the report is about, looks for files that were rewritten without a trace, and forgets
 * what was kept long enough.
 */
async function syncStep(invocation: Invocation): Promise<StepOutcome> {
  const summary = await syncStore(invocation, everything, false, false, true);
  const { files, problems } = summary;
  await unlessLocked(() => expire(invocation, false));
  const figures = `${plural(files.seen, 'file')}, ${formatCount(files.new)} new, ${formatCount(files.grown)} grown`;
  return { exitCode: syncExitCode(summary), summary: [figures, ...problems].join('; ') };
}

/** Drops what a week of old versions needed, and puts files of the archive together. */
async function tidyStep(invocation: Invocation): Promise<StepOutcome> {
  const done = await unlessLocked(() => vacuumStore(invocation));
  if (done === null) return { exitCode: exitCode.ok, summary: 'left for another night' };
  const { oldFiles, newFiles } = done.archive;
  const removed = `${plural(done.removed.length, 'file')} of old versions removed`;
  const anew = newFiles === 0 ? [] : [`${plural(oldFiles, 'file')} of the archive written anew as ${newFiles}`];
  return { exitCode: exitCode.ok, summary: [removed, ...anew].join(', ') };
}

/** While somebody judges, what is too old stays for another night: then null. */
async function unlessLocked<Result>(run: () => Promise<Result>): Promise<Result | null> {
  try {
    return await run();
  } catch (error) {
    if (isPostponed(error)) return null;
    throw error;
  }
}

async function printJob({ flags, terminal, storeDir, surroundings }: Invocation, scheduler: string): Promise<ExitCode> {
  const text = await printSchedule(parseScheduler(scheduler), {
    node: process.execPath,
    cli: fileURLToPath(new URL('dist/cli.js', packageRoot)),
    home: surroundings.home,
    store: storeDir,
    reports: resolve(flags.text('out') ?? DEFAULT_REPORTS),
  });
  terminal.print(text.trimEnd());
  return exitCode.ok;
}
