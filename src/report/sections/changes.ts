import { formatCount, plural } from '../../core/figures.ts';
import { code } from '../markdown.ts';
import type { CategoryRate } from '../rate.ts';
import type { Change, Report } from '../value.ts';
import { rateText } from '../wording.ts';

/** What differs from the window before by more than chance: whole categories, then kinds. */
export function changesSection({ changes, rates, figures, figures_before: before }: Report): readonly string[] {
  if (before === null) return ['## What changed', 'There is no window before to compare with.'];
  if (figures.tool_calls === 0 || before.tool_calls === 0) {
    return ['## What changed', 'Not known: one of the two windows has no tool calls.'];
  }
  const lines = [
    ...rates.categories.filter(({ change }) => change !== null).map(categoryLine),
    ...changes.map(kindLine),
  ];
  if (lines.length === 0) return ['## What changed', 'Nothing that chance could not explain.'];
  return [
    '## What changed',
    lines.join('\n'),
    'A kind is new or gone when at least three incidents would be expected at the other rate; else the 95 % interval decides.',
  ];
}

function categoryLine({ name, change, per_100_calls: rate }: CategoryRate): string {
  return `- ${change ?? ''}: ${code(name)} altogether, ${rateText(rate.value)} per 100 calls, ${rateText(rate.before)} before`;
}

function kindLine({ category, signature, change, incidents, incidents_before, ratio_low, ratio_high }: Change): string {
  const times =
    ratio_low === null || ratio_high === null || change === 'new' || change === 'gone'
      ? ''
      : `, ${rateText(ratio_low)} to ${rateText(ratio_high)} times the rate`;
  const counts = `${plural(incidents, 'incident')}, ${formatCount(incidents_before)} before${times}`;
  return `- ${change}: ${code(category)} ${code(signature)}: ${counts}`;
}
