import { formatCount } from '../../core/figures.ts';
import type { JudgesAnswers } from '../../judge/calibrate/answers-file.ts';
import type { Calibration, Counts } from '../../judge/calibrate/calibration.ts';
import type { FloorResult } from '../../judge/calibrate/floors.ts';
import type { GroupFigures } from '../../judge/calibrate/groups.ts';
import type { MeasuredJudge } from '../../judge/calibrate/measured-answers.ts';
import { ownFigureNames } from '../../judge/calibrate/own-figures.ts';
import { figureText, figureTitles, floorText, intervalText } from '../../judge/calibrate/present.ts';
import type { FigureName } from '../../judge/calibrate/statistics/measure.ts';
import { scoreScale } from '../../judge/calibrate/statistics/scale.ts';
import { tableLines, type TableColumn } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** Below this many sessions an interval is too wide to tell a good judge from a useless one. */
const FEW_SESSIONS = 50;

/** A calibration as people read it, the floors last. */
export function printCalibration(
  found: Calibration,
  floors: readonly FloorResult[],
  positiveScore: number,
  terminal: Terminal,
): void {
  terminal.print(countsText(found.counts));
  if (found.judgeVersion !== null) terminal.print(`Judge: ${found.judgeVersion}`);
  printConfusion(found.confusion, terminal);
  printFigures(found, positiveScore, terminal);
  const { used } = found.counts;
  if (used < FEW_SESSIONS) {
    terminal.print();
    terminal.print(
      `Few sessions: with fewer than ${FEW_SESSIONS} the figures say little, it takes about 200 to compare two prompts.`,
    );
  }
  for (const by of ['agent', 'length', 'split'] as const) {
    printGroups(
      `By ${by}`,
      found.groups.filter((group) => group.by === by),
      terminal,
    );
  }
  printWorst(found, terminal);
  terminal.print();
  printFloors(
    floors.map((floor) => ({ floor, who: '' })),
    terminal,
  );
}

function countsText(counts: Counts): string {
  const reasons: readonly (readonly [number, string])[] = [
    [counts.disputed, 'disputed among people'],
    [counts.humanNull, 'that people cannot tell'],
    [counts.judgeNull, 'that the judge cannot tell'],
    [counts.unjudged, 'without a verdict'],
    [counts.otherVersion, 'judged by another version only (--judge names one)'],
  ];
  const left = reasons.filter(([count]) => count > 0).map(([count, reason]) => `, ${formatCount(count)} ${reason}`);
  return `${formatCount(counts.labelled)} labelled ${counts.labelled === 1 ? 'session' : 'sessions'}: ${formatCount(counts.used)} used${left.join('')}.`;
}

function printConfusion(confusion: Calibration['confusion'], terminal: Terminal): void {
  const columns: readonly TableColumn<number>[] = [
    { title: 'PEOPLE \\ JUDGE', value: (row) => scoreScale.labels[row] ?? '' },
    ...scoreScale.labels.map((title, column) => ({
      title,
      value: (row: number) => formatCount(confusion[row]?.[column] ?? 0),
      align: 'right' as const,
    })),
  ];
  printSection(undefined, columns, [...confusion.keys()], terminal);
}

function printFigures({ figures, own, alpha }: Calibration, positiveScore: number, terminal: Terminal): void {
  const atLeast = ` (score ${positiveScore} or more)`;
  const names: readonly (readonly [FigureName, string])[] = [
    ['quadratic_kappa', ''],
    ['within_one', ''],
    ['accuracy', ''],
    ['kappa', ''],
    ['bias', ''],
    ['false_positives', atLeast],
    ['precision', atLeast],
    ['recall', atLeast],
    ['score_sd', ''],
    ['modal_share', ''],
  ];
  const rows = names.map(([name, more]) => ({
    title: `${figureTitles[name]}${more}`,
    value: figureText(name, figures[name].value),
    interval: intervalText(name, figures[name]),
  }));
  const alphas = [
    { title: `${figureTitles.alpha_ordinal}, people and judge`, value: alpha.peopleAndJudge },
    { title: `${figureTitles.alpha_ordinal}, people alone`, value: alpha.people },
  ].map(({ title, value }) => ({ title, value: figureText('alpha_ordinal', value), interval: '' }));
  const ofVerdicts = ownFigureNames.map((name) => ({
    title: figureTitles[name],
    value: figureText(name, own[name].value),
    interval: '',
  }));
  const columns: readonly TableColumn<(typeof rows)[number]>[] = [
    { title: 'FIGURE', value: ({ title }) => title },
    { title: 'VALUE', value: ({ value }) => value, align: 'right' },
    { title: '95 % INTERVAL', value: ({ interval }) => interval },
  ];
  printSection(undefined, columns, [...rows, ...alphas, ...ofVerdicts], terminal);
}

function printGroups(title: string, groups: readonly GroupFigures[], terminal: Terminal): void {
  const figure = (title: string, name: FigureName): TableColumn<GroupFigures> => ({
    title,
    value: ({ figures }) => figureText(name, figures[name].value),
    align: 'right',
  });
  const columns: readonly TableColumn<GroupFigures>[] = [
    { title: 'GROUP', value: ({ name }) => name, flexible: true },
    { title: 'SESSIONS', value: ({ sessions }) => formatCount(sessions), align: 'right' },
    figure('QWK', 'quadratic_kappa'),
    figure('WITHIN 1', 'within_one'),
    figure('BIAS', 'bias'),
    figure('FALSE POS', 'false_positives'),
  ];
  if (groups.length > 0) printSection(title, columns, groups, terminal);
}

function printWorst({ worst }: Calibration, terminal: Terminal): void {
  type Row = Calibration['worst'][number];
  const columns: readonly TableColumn<Row>[] = [
    { title: 'PEOPLE', value: ({ human }) => String(human), align: 'right' },
    { title: 'JUDGE', value: ({ judge }) => String(judge), align: 'right' },
    { title: 'SESSION', value: ({ agent, sessionId }) => `${agent}:${sessionId}` },
  ];
  if (worst.length > 0) printSection('Largest disagreements', columns, worst, terminal);
}

/** The judges of a file beside each other. */
export function printAnswers(
  { items, humanMissing }: JudgesAnswers,
  judges: readonly MeasuredJudge[],
  terminal: Terminal,
): void {
  const unlabelled = humanMissing === 0 ? '' : `, ${formatCount(humanMissing)} of them without a label of people`;
  terminal.print(`${formatCount(items)} items${unlabelled}.`);
  const figure = (title: string, name: FigureName, spare?: number): TableColumn<MeasuredJudge> => ({
    title,
    value: ({ figures }) => figureText(name, figures[name].value),
    align: 'right',
    ...(spare === undefined ? {} : { spare }),
  });
  const columns: readonly TableColumn<MeasuredJudge>[] = [
    { title: 'JUDGE', value: ({ judge }) => judge, flexible: true },
    { title: 'ITEMS', value: (row) => formatCount(row.items), align: 'right', spare: 3 },
    { title: 'NO ANSWER', value: ({ missing }) => formatCount(missing), align: 'right', spare: 5 },
    figure('ACCURACY', 'accuracy'),
    figure('KAPPA', 'kappa'),
    { title: '95 % INTERVAL', value: ({ figures }) => intervalText('kappa', figures.kappa), spare: 2 },
    figure('QWK', 'quadratic_kappa', 4),
    figure('ALPHA', 'alpha_ordinal', 6),
    figure('FALSE POS', 'false_positives'),
  ];
  printSection(undefined, columns, judges, terminal);
  const results = judges.flatMap(({ judge, floors }) => floors.map((floor) => ({ floor, who: `${judge}: ` })));
  if (results.length > 0) terminal.print();
  printFloors(results, terminal);
}

function printFloors(
  results: readonly { readonly floor: FloorResult; readonly who: string }[],
  terminal: Terminal,
): void {
  const failed = results.filter(({ floor }) => !floor.reached);
  for (const { floor, who } of failed)
    terminal.print([{ style: 'red', text: 'Below the floor: ' }, `${who}${floorText(floor)}.`]);
  const unmeasured = results.filter(({ floor }) => floor.value === null && floor.reached);
  for (const { floor } of unmeasured) {
    terminal.print(`Not measured: ${figureTitles[floor.figure]}${howToMeasure(floor)}.`);
  }
  const which = unmeasured.length === 0 ? 'Every floor is' : 'All other floors are';
  if (failed.length === 0 && results.length > 0) terminal.print([{ style: 'green', text: `${which} reached.` }]);
}

function howToMeasure({ figure }: FloorResult): string {
  return figure === 'repeated' ? ' (`sesh judge --samples 5` asks so often)' : '';
}

function printSection<Row>(
  title: string | undefined,
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  terminal: Terminal,
): void {
  terminal.print();
  if (title !== undefined) terminal.print([{ style: 'bold', text: title }]);
  for (const line of tableLines(columns, rows, terminal.width)) terminal.print(line);
}
