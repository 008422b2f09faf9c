import { formatCount, formatUsd } from '../../core/figures.ts';
import type { JsonObject } from '../../core/json.ts';
import { formatInstant } from '../../core/time.ts';
import type { JudgeSummary, SessionResult } from '../../judge/run.ts';
import type { Plan } from '../../judge/run/plan.ts';
import type { VerdictRow } from '../../judge/publish.ts';
import type { Selection } from '../../judge/select.ts';
import { tableLines, type TableColumn } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const NOTHING = '-';
export const usd = (micros: number | null): string => (micros === null ? NOTHING : formatUsd(micros / 1_000_000));
export const dollars = (micros: number | null): number | null => (micros === null ? null : micros / 1_000_000);

const resultColumns: readonly TableColumn<SessionResult>[] = [
  { title: 'SESSION', value: ({ session }) => session.sessionId },
  { title: 'SCORE', value: ({ rows }) => scores(rows), align: 'right' },
  { title: 'OUTCOME', value: ({ rows }) => cell(rows, 'outcome') },
  { title: 'BLOCKER', value: ({ rows }) => cell(rows, 'blocker'), spare: 1 },
  { title: 'STATE', value: ({ status }) => states[status] },
  { title: 'WHY', value: ({ rows, problem }) => problem ?? cell(rows, 'rationale'), flexible: true, prose: true },
];

const states: Readonly<Record<SessionResult['status'], string>> = {
  judged: 'judged',
  known: 'known',
  waiting: 'in a batch',
  later: 'left for later',
  set_aside: 'set aside',
  gone: 'gone',
};

function scores(rows: readonly VerdictRow[]): string {
  return rows.map((row) => cellText(row['score']) ?? cellText(row['null_reason']) ?? NOTHING).join(', ') || NOTHING;
}

function cell([row]: readonly VerdictRow[], name: string): string {
  return cellText(row?.[name]) ?? NOTHING;
}

function cellText(value: string | number | null | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

/** What came of a run. */
export function printSummary(summary: JudgeSummary, zone: string, terminal: Terminal): void {
  for (const line of tableLines(resultColumns, summary.sessions, terminal.width)) terminal.print(line);
  terminal.print();
  const parts = (['judged', 'known', 'waiting', 'later', 'set_aside', 'gone'] as const).flatMap((status) => {
    const count = summary.sessions.filter((result) => result.status === status).length;
    return count === 0 ? [] : [`${formatCount(count)} ${states[status]}`];
  });
  terminal.print(`${parts.join(', ')}; ${formatCount(summary.calls)} requests, ${usd(summary.spentUsdMicros)}.`);
  const quotes = quotesText(summary.sessions.flatMap(({ status, rows }) => (status === 'judged' ? rows : [])));
  if (quotes !== null) terminal.print(quotes);
  if (summary.sessions.some(({ status }) => status === 'waiting')) {
    terminal.note('A later `sesh judge --batch` takes the answers of batches in, most of them within the hour.');
  }
  if (summary.sessions.some(({ status }) => status === 'set_aside')) {
    terminal.note('Set aside: two runs were killed while the session was being judged, so it may be paid for already.');
  }
  if (summary.sessions.some(({ rows }) => rows.some((row) => String(row['flags'] ?? '').includes('drift')))) {
    terminal.note('The name of the model now means another one: measure the judge again before comparing scores.');
  }
  if (!summary.isPublished) {
    terminal.note(
      'Another sesh is writing to the store: the verdicts are kept in the ledger, and the next `sesh judge` publishes them.',
    );
  }
  if (summary.held > 0) {
    terminal.note(
      `${formatCount(summary.held)} verdicts are held back: this judge does not score the anchor sessions as the one before did, or has not scored them all. \`sesh judge anchors\` says how far it is off; \`sesh judge anchors --accept\` lets it count, as a judge of its own.`,
    );
  }
  const why = endingText(summary, zone);
  if (why !== null) terminal.note(why);
}

/** How far the answers of this run could be believed; null where they quoted nothing. */
function quotesText(rows: readonly VerdictRow[]): string | null {
  const sum = (name: string): number => rows.reduce((total, row) => total + Number(row[name] ?? 0), 0);
  const all = sum('quotes');
  if (all === 0) return null;
  const failed = (
    [
      ['quotes_wrong_event', 'in another event'],
      ['quotes_elided', 'in what was not shown'],
      ['quotes_not_found', 'nowhere'],
      ['quotes_addressed', 'in words to the judge'],
    ] as const
  ).flatMap(([name, where]) => (sum(name) === 0 ? [] : [`${formatCount(sum(name))} ${where}`]));
  const others = failed.length === 0 ? '' : ` (${failed.join(', ')})`;
  const corrected = sum('quotes_role_corrected');
  const claims = corrected === 0 ? '' : `; ${formatCount(corrected)} of another kind than it says`;
  return `${formatCount(all)} quotes, ${formatCount(sum('quotes_verified'))} of them where the answer says${others}${claims}.`;
}

function endingText({ ending }: JudgeSummary, zone: string): string | null {
  if (ending === null) return null;
  switch (ending.why) {
    case 'parked':
      return `The service asks to wait until ${formatInstant(ending.untilMs * 1000, zone)}. Run the command again then.`;
    case 'breaker':
      return 'The service failed again and again, so the run ended. Run the command again later.';
    case 'cap':
      return `The cap ${ending.cap} is reached. What is left is judged by a later run, or with a higher cap.`;
    case 'stopped':
      return 'Stopped. Run the command again to go on.';
    default:
      return ending.failure.message;
  }
}

export function summaryJson(summary: JudgeSummary, plan: Plan, selection: Selection): JsonObject {
  return {
    ...judgeJson(plan, selection),
    sessions: summary.sessions.map(({ session, status, rows, problem }) => ({
      agent: session.agent,
      session_id: session.sessionId,
      status,
      problem,
      samples: rows.map(({ requirements, judged_at, ...row }) => ({
        ...row,
        judged_at: new Date(Number(judged_at) / 1000).toISOString(),
        requirements: requirements === null ? null : JSON.parse(String(requirements ?? 'null')),
      })),
    })),
    requests: summary.calls,
    spent_usd: dollars(summary.spentUsdMicros),
    ending: summary.ending?.why ?? null,
    published: summary.isPublished,
    held: summary.held,
  };
}

export function judgeJson(plan: Plan, { eligible, open, notApplicable }: Selection): JsonObject {
  const { provider, model, baseUrl } = plan;
  return { provider, model, host: baseUrl.host, eligible, open, not_applicable: { ...notApplicable } };
}
