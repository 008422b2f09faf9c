import { formatCount, plural } from '../../core/figures.ts';
import type { JudgeScores } from '../judge.ts';
import { code, codeCell, quoteBlock, table } from '../markdown.ts';
import { placeText, rateText } from '../wording.ts';

type Version = JudgeScores['versions'][number];

/** How sessions were scored, and why some scored low; skipped where nothing was judged. Figures of sessions, never of people. */
export function judgeSection(judge: JudgeScores | null): readonly string[] {
  if (judge === null) return [];
  const titles = ['Judged', '1', '2', '3', '4', '5', 'Mean', 'Without a score', 'Errors'];
  const columns = [{ title: 'Judge' }, ...titles.map((title) => ({ title, align: 'right' as const }))];
  const rows = judge.versions.map((version) => [
    codeCell(version.version),
    formatCount(version.judged),
    ...version.distribution.map(formatCount),
    version.mean === null ? '-' : rateText(version.mean),
    formatCount(version.without_score),
    formatCount(version.errors),
  ]);
  const judged = judge.versions.reduce((sum, version) => sum + version.judged, 0);
  return [
    '## Judge',
    `${plural(judged, 'session')} of ${formatCount(judge.eligible)} that can be judged ${judged === 1 ? 'has' : 'have'} a verdict: ` +
      'how far a language model found done what was asked (5 is best), as far as quotes show it.' +
      (judge.versions.length > 1 ? ' Scores of different judges are not comparable.' : ''),
    table(columns, rows),
    ...judge.versions.map(versionText),
    ...causes(judge),
    ...disputed(judge),
  ];
}

function versionText(version: Version): string {
  const { calibration, quotes, quotes_verified: verified } = version;
  const nulls = Object.entries(version.null_reasons).map(([reason, count]) => `${reason} ${formatCount(count)}`);
  const parts = [
    `${formatCount(verified)} of ${plural(quotes, 'quote')} verified.`,
    ...(nulls.length === 0 ? [] : [`Without a score: ${nulls.join(', ')}.`]),
    calibration === null
      ? 'Never measured against people, so there is no mean: `sesh judge calibrate` measures it.'
      : `Agreement with people, measured on ${plural(calibration.sessions, 'session')} (${calibration.at.slice(0, 10)}): ` +
        `quadratic-weighted kappa ${kappaText(calibration.quadratic_kappa)}${calibration.floors_reached ? '' : ', below the floor'}.`,
  ];
  return `${code(version.version)}: ${parts.join(' ')}`;
}

function kappaText({ value, low, high }: NonNullable<Version['calibration']>['quadratic_kappa']): string {
  const figure = (number: number | null): string => (number === null ? 'not defined' : number.toFixed(2));
  return low === null || high === null ? figure(value) : `${figure(value)} (${figure(low)} to ${figure(high)})`;
}

function causes({ causes: found }: JudgeScores): readonly string[] {
  if (found.length === 0) return [];
  const columns = [{ title: 'Why 3 or less' }, { title: 'Sessions', align: 'right' as const }, { title: 'Where' }];
  const rows = found.map(({ cause, sessions, session_id: session, source_line: line }) => [
    codeCell(cause),
    formatCount(sessions),
    session === null ? '-' : placeCell(session, line),
  ]);
  const quotes = found.flatMap(({ cause, quote }) =>
    quote === null ? [] : [`${code(cause)}, for instance:`, quoteBlock(quote)],
  );
  return [table(columns, rows), ...quotes];
}

/** A bar would end the cell. */
function placeCell(session: string, line: number | null): string {
  return placeText(session, line).replaceAll('|', '\u00a6');
}

function disputed({ disputed: found }: JudgeScores): readonly string[] {
  if (found.length === 0) return [];
  const rows = found.map(({ session_id: session, lowest, highest }) => [
    placeCell(session, null),
    `${lowest} and ${highest}`,
  ]);
  return ['Disputed, for a person to look at:', table([{ title: 'Session' }, { title: 'Scores' }], rows)];
}
