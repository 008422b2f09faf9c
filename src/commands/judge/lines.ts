import { formatCount, formatTokens, formatUsd } from '../../core/figures.ts';
import type { JsonObject } from '../../core/json.ts';
import { formatInstant } from '../../core/time.ts';
import type { PreparedSession } from '../../judge/contract.ts';
import type { JudgeSummary, SessionResult } from '../../judge/run.ts';
import type { Plan } from '../../judge/run/plan.ts';
import { totalOf, type Preview } from '../../judge/run/preview.ts';
import type { VerdictRow } from '../../judge/publish.ts';
import type { Selection } from '../../judge/select.ts';
import { tableLines, type TableColumn } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const NOTHING = '-';
const usd = (micros: number | null): string => (micros === null ? NOTHING : formatUsd(micros / 1_000_000));
const dollars = (micros: number | null): number | null => (micros === null ? null : micros / 1_000_000);

const previewColumns: readonly TableColumn<Preview>[] = [
  { title: 'SESSION', value: ({ sessionId }) => sessionId },
  { title: 'PROJECT', value: ({ project }) => project ?? NOTHING, flexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'TOKENS', value: ({ inputTokens }) => formatTokens(inputTokens), align: 'right' },
  { title: 'EXPECTED', value: ({ cost }) => usd(cost?.expectedUsdMicros ?? null), align: 'right' },
  { title: 'WORST', value: ({ cost }) => usd(cost?.worstUsdMicros ?? null), align: 'right' },
];

/** What a run would ask and cost. */
export function printPreview(previews: readonly Preview[], plan: Plan, { print, width }: Terminal): void {
  for (const line of tableLines(previewColumns, previews, width)) print(line);
  const total = totalOf(previews, plan);
  print();
  print(
    `${formatCount(total.sessions)} to judge by ${plan.model} at ${plan.baseUrl.host}: ${formatTokens(total.inputTokens)} tokens (estimated as bytes / 4).`,
  );
  if (plan.price === null) {
    print('The price is not known: give --max-calls, or put it into judge.yaml under "prices".');
    return;
  }
  const batch = total.batchUsdMicros === null ? '' : `, as a batch ${usd(total.batchUsdMicros)}`;
  print(
    `Expected ${usd(total.expectedUsdMicros)}${batch}, at worst ${usd(total.worstUsdMicros)}; prices from ${plan.price.source}. Nothing was sent.`,
  );
}

export function previewJson(previews: readonly Preview[], plan: Plan, selection: Selection): JsonObject {
  const total = totalOf(previews, plan);
  return {
    ...judgeJson(plan, selection),
    sessions: previews.map(({ agent, sessionId, project, inputTokens, state, cost }) => ({
      agent,
      session_id: sessionId,
      project,
      state,
      input_tokens: inputTokens,
      expected_usd: dollars(cost?.expectedUsdMicros ?? null),
      worst_usd: dollars(cost?.worstUsdMicros ?? null),
    })),
    input_tokens: total.inputTokens,
    expected_usd: dollars(total.expectedUsdMicros),
    worst_usd: dollars(total.worstUsdMicros),
    batch_usd: dollars(total.batchUsdMicros),
  };
}

/** The exact texts that would be sent; of a session in parts all but the last question, which holds what the answers point at. */
export function printPrompt({ sessionId, system, user, parts }: PreparedSession, { print }: Terminal): void {
  const questions = parts?.questions ?? [{ system, user }];
  for (const [index, question] of questions.entries()) {
    const part = parts === null ? '' : `, part ${index + 1} of ${questions.length}`;
    print([{ style: 'bold', text: `===== ${sessionId}${part}: system` }]);
    print(question.system);
    print([{ style: 'bold', text: `===== ${sessionId}${part}: user` }]);
    print(question.user);
  }
}

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

function judgeJson(plan: Plan, { eligible, open, notApplicable }: Selection): JsonObject {
  const { provider, model, baseUrl } = plan;
  return { provider, model, host: baseUrl.host, eligible, open, not_applicable: { ...notApplicable } };
}
