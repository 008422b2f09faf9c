import { exitCode, messageOf, never, SeshError, type ExitCode } from '../core/errors.ts';
import type { Micros } from '../core/event.ts';
import { parseWindow, type Window } from '../core/window.ts';
import { alertTexts, type Alert } from './alerts/alerts.ts';
import { closedWindow, reportDate } from './period.ts';

export interface StepOutcome {
  readonly exitCode: ExitCode;
  /** A few words with the figures: `12 files, 3 new`. */
  readonly summary: string;
  /** What became of the conditions that the person set; one that fires makes the night end with data problems. */
  readonly alerts?: readonly Alert[];
}

/** The use cases that a night strings together; each opens and closes what it needs. */
interface NightlyUseCases {
  /** Takes the lock for as long as it writes. */
  readonly sync: () => Promise<StepOutcome>;
  /** Writes the report on the window; `date` names its files. */
  readonly report: (window: Window, date: string) => Promise<StepOutcome>;
  /** Gives back what the store no longer needs. Nobody waits for it: it comes last, and only after a sync that went well. */
  readonly tidy: () => Promise<StepOutcome>;
}

interface NightlyOptions {
  /** As `--since`; a day when not given. */
  readonly since: string | undefined;
  /** As `--until`; now when not given. */
  readonly until?: string | undefined;
  readonly zone: string;
  readonly now: () => Micros;
}

interface NightlyRecord {
  /** ISO 8601 in UTC. */
  readonly started_at: string;
  readonly took_s: number;
  readonly exit_code: ExitCode;
  readonly steps: readonly StepRecord[];
  readonly alerts: readonly Alert[];
}

interface StepRecord {
  readonly name: 'sync' | 'report' | 'tidy';
  readonly exit_code: ExitCode;
  readonly summary: string;
}

/**
 * Sync, then the report, then tidying. A sync that fails does not stop the report: what the store already holds is worth reading. Only the
 * lock does: another run is at work and writes the same files. The exit code is the gravest of the steps'.
 */
export async function nightly(
  useCases: NightlyUseCases,
  { since, until, zone, now }: NightlyOptions,
): Promise<NightlyRecord> {
  const started = now();
  const window = closedWindow(parseWindow({ since: since ?? '1d', until }, started, zone), started);
  const sync = await runStep('sync', useCases.sync);
  const done = [sync];
  if (sync.step.exit_code !== exitCode.locked)
    done.push(await runStep('report', () => useCases.report(window, reportDate(window, zone))));
  if (isDone(sync)) done.push(await runStep('tidy', useCases.tidy));
  const steps = done.map(({ step }) => step);
  const alerts = done.flatMap((run) => run.alerts);
  const fired = alerts.some((alert) => alert.fired) ? [exitCode.dataProblems] : [];
  return {
    started_at: new Date(Math.floor(started / 1000)).toISOString(),
    took_s: Math.round((now() - started) / 100_000) / 10,
    exit_code: gravest([...steps.map((step) => step.exit_code), ...fired]),
    steps,
    alerts,
  };
}

/** The night in one line: `nightly: sync 12 files, 3 new; report reports/2026-02-11.md; 2.1 s`; of tidying only what went wrong. */
export function nightlyLine({ steps, took_s, alerts }: NightlyRecord): string {
  const told = steps.filter(({ name, exit_code }) => name !== 'tidy' || exit_code !== exitCode.ok);
  const parts = told.map(({ name, exit_code, summary }) => `${name}${verdict(exit_code)} ${summary}`);
  return `nightly: ${[...parts, ...alertTexts(alerts), `${took_s} s`].join('; ')}`;
}

/** Whether the line has something to say although the night went well: a figure with a limit is not known. */
export function isWorthSaying({ exit_code, alerts }: NightlyRecord): boolean {
  return exit_code !== exitCode.ok || alertTexts(alerts).length > 0;
}

function isDone({ step }: StepRun): boolean {
  return step.exit_code === exitCode.ok || step.exit_code === exitCode.dataProblems;
}

interface StepRun {
  readonly step: StepRecord;
  readonly alerts: readonly Alert[];
}

async function runStep(name: StepRecord['name'], run: () => Promise<StepOutcome>): Promise<StepRun> {
  try {
    const { exitCode: exit_code, summary, alerts = [] } = await run();
    return { step: { name, exit_code, summary }, alerts };
  } catch (error) {
    return { step: { name, ...failureOf(error) }, alerts: [] };
  }
}

function failureOf(error: unknown): Omit<StepRecord, 'name'> {
  if (!(error instanceof SeshError)) {
    return { exit_code: exitCode.error, summary: `an unexpected error, a bug in sesh: ${messageOf(error)}` };
  }
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  return { exit_code: error.exitCode, summary: `${error.message}${hint}` };
}

function verdict(code: ExitCode): string {
  switch (code) {
    case exitCode.ok:
      return '';
    case exitCode.dataProblems:
      return ' (with data problems)';
    case exitCode.locked:
      return ' (locked)';
    case exitCode.error:
    case exitCode.usage:
      return ' FAILED:';
    default:
      return never(code);
  }
}

const byGravity: readonly ExitCode[] = [
  exitCode.ok,
  exitCode.dataProblems,
  exitCode.error,
  exitCode.usage,
  exitCode.locked,
];

function gravest(codes: readonly ExitCode[]): ExitCode {
  return byGravity.findLast((code) => codes.includes(code)) ?? exitCode.ok;
}
