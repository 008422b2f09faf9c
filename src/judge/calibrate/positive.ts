import { UsageError } from '../../core/errors.ts';
import type { Scale } from './statistics/scale.ts';

/** From this score on a session counts as a success. */
export const POSITIVE_SCORE = 4;
const POSITIVE_LABEL = 1;

/**
 * Which labels of a scale are a success: from `given` on, or `given` itself where labels are words. Not given: from 1 on where
 * no label is higher, from 4 on where all are scores from 1 to 5, else null: not known.
 */
export function positiveLabels({ labels, values }: Scale, given: string | undefined): readonly boolean[] | null {
  if (values === null) {
    if (given !== undefined && !labels.includes(given)) throw unknownLabel(labels, given);
    return given === undefined ? null : labels.map((label) => label === given);
  }
  const least = given === undefined ? usualThreshold(values) : Number(given);
  if (Number.isNaN(least)) throw unknownLabel(labels, given ?? '');
  return least === null ? null : values.map((value) => value >= least);
}

function usualThreshold(values: readonly number[]): number | null {
  if (values.every((value) => value <= POSITIVE_LABEL)) return POSITIVE_LABEL;
  return values.every((value) => [1, 2, 3, 4, 5].includes(value)) ? POSITIVE_SCORE : null;
}

function unknownLabel(labels: readonly string[], given: string): UsageError {
  return new UsageError(`Expected --positive to be one of the labels ${labels.join(', ')}, got "${given}".`);
}
