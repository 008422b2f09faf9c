import { formatCount } from '../../core/figures.ts';
import type { JudgeScores } from '../judge.ts';
import { code, table } from '../markdown.ts';
import { countText, rateText } from '../wording.ts';

/** How many sessions got which score; skipped where nothing was judged. */
export function judgeSection(judge: JudgeScores | null): readonly string[] {
  if (judge === null) return [];
  const right = 'right' as const;
  const columns = [
    { title: 'Version' },
    ...['Judged', 'Eligible', 'Without a score', 'Errors', '1', '2', '3', '4', '5', 'Mean'].map((title) => ({
      title,
      align: right,
    })),
  ];
  const rows = judge.versions.map((version) => [
    code(version.version).replaceAll('|', '\u00a6'),
    formatCount(version.judged),
    countText(version.eligible),
    formatCount(version.without_score),
    formatCount(version.errors),
    ...version.distribution.map(formatCount),
    rateText(version.mean),
  ]);
  return [
    '## Judge',
    table(columns, rows),
    'Scores of a language model on how far sessions met what was asked (5 is best); versions are not comparable.',
  ];
}
