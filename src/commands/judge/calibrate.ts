import { exitCode, UsageError, type ExitCode } from '../../core/errors.ts';
import { readAnswers } from '../../judge/calibrate/answers-file.ts';
import { calibrate, type Calibration } from '../../judge/calibrate/calibration.ts';
import { checkFloors, ownFloors, type Floor } from '../../judge/calibrate/floors.ts';
import { answersJson, calibrationJson } from '../../judge/calibrate/json.ts';
import { readLabels } from '../../judge/calibrate/labels-file.ts';
import { measureAnswers } from '../../judge/calibrate/measured-answers.ts';
import { POSITIVE_SCORE } from '../../judge/calibrate/positive.ts';
import { recordCalibration } from '../../judge/calibrate/record.ts';
import { readNamedFile } from '../../judge/calibrate/read-file.ts';
import { verdictRows } from '../../judge/calibrate/store.ts';
import type { VerdictRows } from '../../judge/calibrate/verdicts.ts';
import { storePaths } from '../../lake/store.ts';
import type { Invocation } from '../command.ts';
import { ledgerDirectory } from './folder.ts';
import { printAnswers, printCalibration } from './calibrate-lines.ts';
import { viewSettings } from '../settings.ts';
import { withViews } from '../views.ts';

const DRAWS = 2000;
const BEST_SCORE = 5;
const DEFAULT_SEED = 1;

/** Flags by any name: the options of these commands join the list of all options with their entry in the catalogue. */
export interface FlagsByName {
  text(name: string): string | undefined;
  flag(name: string): boolean;
  count(name: string, otherwise: number): number;
}

/**
 * Measures judges against people: the verdicts of the store against a file of labels, or with `--from-verdicts` the answers that
 * stand in a file. Ends with 3 below a floor. JSON: `figures` with `value`, `low` and `high`; null is "not defined".
 */
export async function judgeCalibrate(invocation: Invocation, verdicts?: VerdictRows): Promise<ExitCode> {
  const { argument } = invocation;
  const flags: FlagsByName = invocation.flags;
  const answers = flags.text('from-verdicts');
  if (answers !== undefined && argument !== undefined) {
    throw new UsageError('Expected a file of labels or --from-verdicts, got both.');
  }
  if (answers !== undefined) return calibrateAnswers(invocation, answers);
  if (argument !== undefined) {
    const found = await calibrateLabels(invocation, argument, verdicts ?? (() => storedVerdicts(invocation)));
    // The report says how far the judge was right when that was last measured.
    if (verdicts === undefined) await keepForReport(invocation, found);
    return found.floorsReached ? exitCode.ok : exitCode.dataProblems;
  }
  throw new UsageError(
    'Expected a file of labels, got none.',
    'Run `sesh judge label` to make one, or give --from-verdicts FILE.',
  );
}

async function storedVerdicts(invocation: Invocation): ReturnType<VerdictRows> {
  const { storeDir, memoryBytes } = invocation;
  return withViews({ storeDir, memoryBytes, settings: viewSettings(invocation) }, ({ query }) => verdictRows(query));
}

interface Calibrated {
  readonly calibration: Calibration;
  readonly floorsReached: boolean;
}

async function keepForReport({ storeDir, now }: Invocation, { calibration, floorsReached }: Calibrated): Promise<void> {
  const at = new Date(now() / 1000);
  await recordCalibration(ledgerDirectory(storePaths(storeDir)), calibration, { at, floorsReached });
}

async function calibrateLabels(invocation: Invocation, file: string, verdicts: VerdictRows): Promise<Calibrated> {
  const { terminal } = invocation;
  const flags: FlagsByName = invocation.flags;
  const bootstrap = { seed: flags.count('seed', DEFAULT_SEED), draws: DRAWS };
  const leastKappa = numberOf('floor-kappa', flags.text('floor-kappa'));
  const positiveScore = flags.count('positive', POSITIVE_SCORE);
  if (positiveScore > BEST_SCORE) {
    throw new UsageError(`Expected --positive to be a score from 1 to ${BEST_SCORE}, got "${positiveScore}".`);
  }
  const { labels } = readLabels(await readNamedFile(file), file);
  const judgeVersion = flags.text('judge');
  const found = calibrate(labels, await verdicts(), { judgeVersion, positiveScore, bootstrap });
  const results = checkFloors({ ...found.figures, ...found.own }, ownFloors(found.people, leastKappa));
  if (flags.flag('json')) terminal.json(calibrationJson(found, results, positiveScore, bootstrap));
  else printCalibration(found, results, positiveScore, terminal);
  return { calibration: found, floorsReached: results.every(({ reached }) => reached) };
}

async function calibrateAnswers(invocation: Invocation, file: string): Promise<ExitCode> {
  const { terminal } = invocation;
  const flags: FlagsByName = invocation.flags;
  const bootstrap = { seed: flags.count('seed', DEFAULT_SEED), draws: DRAWS };
  const least = numberOf('floor-kappa', flags.text('floor-kappa'));
  const floors: readonly Floor[] = least === undefined ? [] : [{ figure: 'kappa', least }];
  const answers = readAnswers(await readNamedFile(file), file);
  const judges = measureAnswers(answers, { positive: flags.text('positive'), bootstrap, floors });
  if (flags.flag('json')) terminal.json(answersJson(answers, judges, bootstrap));
  else printAnswers(answers, judges, terminal);
  const results = judges.flatMap((measured) => measured.floors);
  return results.every(({ reached }) => reached) ? exitCode.ok : exitCode.dataProblems;
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?(0|1|0?\.\d{1,6}|1\.0{1,6})$/.test(text)) {
    throw new UsageError(`Expected --${name} to be a number from -1 to 1, such as 0.6, got "${text}".`);
  }
  return Number(text);
}
