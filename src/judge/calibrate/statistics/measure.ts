import { accuracy, bias, nominalKappa, quadraticKappa, withinOne } from './agreement.ts';
import { pairedAlpha } from './alpha.ts';
import { intervalsOf, type Bootstrap, type Interval } from './bootstrap.ts';
import { confusionOf, type Figure, type Rating } from './confusion.ts';
import { falsePositiveRate, precision, recall } from './detection.ts';
import type { Scale } from './scale.ts';
import { modalShare, standardDeviation } from './spread.ts';

export const figureNames = [
  'accuracy',
  'kappa',
  'quadratic_kappa',
  'within_one',
  'bias',
  'alpha_nominal',
  'alpha_ordinal',
  'false_positives',
  'precision',
  'recall',
  'score_sd',
  'modal_share',
] as const;

export type FigureName = (typeof figureNames)[number];

/** A figure and its 95 % interval; null where it is not defined, and where no interval was asked for. */
export interface Estimate {
  readonly value: number | null;
  readonly interval: Interval | null;
}

export type Estimates = Readonly<Record<FigureName, Estimate>>;

interface MeasureOptions {
  readonly scale: Scale;
  /** Which of the scale's labels are a success; null when that is not known. */
  readonly positive: readonly boolean[] | null;
  /** Null: no intervals. */
  readonly bootstrap: Bootstrap | null;
}

/** All figures of a judge against people. */
export function measure(ratings: readonly Rating[], { scale, positive, bootstrap }: MeasureOptions): Estimates {
  const figures = figuresOf(scale, positive);
  const confusion = confusionOf(ratings, scale);
  const inOrder = figureNames.map((name) => figures[name]);
  const intervals = bootstrap === null ? [] : intervalsOf(ratings, scale, inOrder, bootstrap);
  const estimate = (name: FigureName): Estimate => ({
    value: figures[name](confusion),
    interval: intervals[figureNames.indexOf(name)] ?? null,
  });
  return {
    accuracy: estimate('accuracy'),
    kappa: estimate('kappa'),
    quadratic_kappa: estimate('quadratic_kappa'),
    within_one: estimate('within_one'),
    bias: estimate('bias'),
    alpha_nominal: estimate('alpha_nominal'),
    alpha_ordinal: estimate('alpha_ordinal'),
    false_positives: estimate('false_positives'),
    precision: estimate('precision'),
    recall: estimate('recall'),
    score_sd: estimate('score_sd'),
    modal_share: estimate('modal_share'),
  };
}

const unknown: Figure = () => null;

function figuresOf({ values }: Scale, positive: readonly boolean[] | null): Readonly<Record<FigureName, Figure>> {
  return {
    accuracy,
    kappa: nominalKappa,
    quadratic_kappa: values === null ? unknown : quadraticKappa(values),
    within_one: values === null ? unknown : withinOne(values),
    bias: values === null ? unknown : bias(values),
    alpha_nominal: pairedAlpha('nominal'),
    alpha_ordinal: values === null ? unknown : pairedAlpha('ordinal'),
    false_positives: positive === null ? unknown : falsePositiveRate(positive),
    precision: positive === null ? unknown : precision(positive),
    recall: positive === null ? unknown : recall(positive),
    score_sd: values === null ? unknown : standardDeviation(values, 'judge'),
    modal_share: modalShare('judge'),
  };
}
