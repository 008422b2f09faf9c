import type { JudgesAnswers } from './answers-file.ts';
import type { Calibration } from './calibration.ts';
import type { FloorResult } from './floors.ts';
import type { MeasuredJudge } from './measured-answers.ts';
import type { Bootstrap } from './statistics/bootstrap.ts';
import { ownFigureNames } from './own-figures.ts';
import { figureNames, type Estimates } from './statistics/measure.ts';
import { scoreScale } from './statistics/scale.ts';

/** A calibration as `--json` prints it. */
export function calibrationJson(
  { judgeVersion, counts, confusion, figures, own, alpha, groups, worst }: Calibration,
  floors: readonly FloorResult[],
  positiveFrom: number,
  bootstrap: Bootstrap,
): object {
  return {
    judge_version: judgeVersion,
    counts: {
      labelled: counts.labelled,
      used: counts.used,
      disputed: counts.disputed,
      human_null: counts.humanNull,
      judge_null: counts.judgeNull,
      unjudged: counts.unjudged,
      other_version: counts.otherVersion,
    },
    positive_from: positiveFrom,
    labels: scoreScale.labels,
    confusion,
    ...bootstrap,
    figures: {
      ...estimatesJson(figures),
      ...Object.fromEntries(ownFigureNames.map((name) => [name, { value: own[name].value, low: null, high: null }])),
    },
    alpha: { people: alpha.people, people_and_judge: alpha.peopleAndJudge },
    groups: groups.map(({ by, name, sessions, figures }) => ({ by, name, sessions, figures: valuesJson(figures) })),
    worst: worst.map(({ agent, sessionId, human, judge }) => ({ agent, session_id: sessionId, human, judge })),
    floors: floors.map(floorJson),
    reached: floors.every(({ reached }) => reached),
  };
}

/** A file of answers as `--json` prints it. */
export function answersJson(
  { scale, items, humanMissing }: JudgesAnswers,
  judges: readonly MeasuredJudge[],
  bootstrap: Bootstrap,
): object {
  return {
    items,
    human_missing: humanMissing,
    labels: scale.labels,
    ...bootstrap,
    judges: judges.map((measured) => ({
      judge: measured.judge,
      items: measured.items,
      missing: measured.missing,
      confusion: measured.confusion,
      figures: estimatesJson(measured.figures),
      floors: measured.floors.map(floorJson),
    })),
    reached: judges.every(({ floors }) => floors.every(({ reached }) => reached)),
  };
}

function estimatesJson(figures: Estimates): object {
  return Object.fromEntries(
    figureNames.map((name) => {
      const { value, interval } = figures[name];
      return [name, { value, low: interval?.low ?? null, high: interval?.high ?? null }];
    }),
  );
}

function valuesJson(figures: Estimates): object {
  return Object.fromEntries(figureNames.map((name) => [name, figures[name].value]));
}

function floorJson({ figure, least, most, value, reached }: FloorResult): object {
  return { figure, least: least ?? null, most: most ?? null, value, reached };
}
