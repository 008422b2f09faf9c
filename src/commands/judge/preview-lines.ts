import { formatCount, formatTokens } from '../../core/figures.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PreparedSession } from '../../judge/contract.ts';
import type { Plan } from '../../judge/run/plan.ts';
import { totalOf, type Preview } from '../../judge/run/preview.ts';
import type { Selection } from '../../judge/select.ts';
import { tableLines, type TableColumn } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { dollars, judgeJson, NOTHING, usd } from './lines.ts';

/** What a run would do. */
export interface Previewed {
  readonly sessions: readonly Preview[];
  /** Those of the anchor sessions that the judge would score first. */
  readonly anchors: readonly Preview[];
  readonly plan: Plan;
  readonly second: Plan | null;
}

const previewColumns: readonly TableColumn<Preview>[] = [
  { title: 'SESSION', value: ({ sessionId }) => sessionId },
  { title: 'PROJECT', value: ({ project }) => project ?? NOTHING, flexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'TOKENS', value: ({ inputTokens }) => formatTokens(inputTokens), align: 'right' },
  { title: 'EXPECTED', value: ({ cost }) => usd(cost?.expectedUsdMicros ?? null), align: 'right' },
  { title: 'WORST', value: ({ cost }) => usd(cost?.worstUsdMicros ?? null), align: 'right' },
];

/** What a run would ask and cost. */
export function printPreview(previewed: Previewed, { print, width }: Terminal): void {
  const { sessions, anchors, plan, second } = previewed;
  for (const line of tableLines(previewColumns, sessions, width)) print(line);
  const total = totalOf([...anchors, ...sessions], previewed);
  print();
  const { model, baseUrl, price, caps } = plan;
  print(
    `${formatCount(total.sessions - anchors.length)} to judge by ${model} at ${baseUrl.host}: ${formatTokens(total.inputTokens)} tokens (estimated as bytes / 4).`,
  );
  if (anchors.length > 0) {
    const { expectedUsdMicros, worstUsdMicros } = totalOf(anchors, previewed);
    print(
      `${formatCount(anchors.length)} anchor sessions come first, because this judge has not scored them: expected ${usd(expectedUsdMicros)}, at worst ${usd(worstUsdMicros)} of what follows.`,
    );
  }
  const unpriced = price === null ? plan : second !== null && second.price === null ? second : null;
  if (price === null || unpriced !== null) {
    print(
      `The price of "${unpriced?.model ?? model}" is not known: give --max-calls, or put it into judge.yaml under "prices". Nothing was sent.`,
    );
    return;
  }
  if (total.worstUsdMicros === 0) {
    print(`Costs nothing; prices from ${price.source}. Nothing was sent.`);
    return;
  }
  const batch = total.batchUsdMicros === null ? '' : `, as a batch ${usd(total.batchUsdMicros)}`;
  const { runUsdMicros: cap } = caps;
  const isCapped = cap !== null && total.worstUsdMicros !== null && total.worstUsdMicros > cap;
  const stop = isCapped ? ` (the run ends at ${usd(cap)}: --max-usd)` : '';
  print(`Expected ${usd(total.expectedUsdMicros)}${batch}; prices from ${price.source}.`);
  print(
    `At worst ${usd(total.worstUsdMicros)}: longest answers, every repair and second opinion${stop}. Nothing was sent.`,
  );
}

export function previewJson(previewed: Previewed, selection: Selection): JsonObject {
  const { sessions, anchors, plan } = previewed;
  const total = totalOf([...anchors, ...sessions], previewed);
  return {
    ...judgeJson(plan, selection),
    sessions: sessions.map(costJson),
    anchors: anchors.map(costJson),
    input_tokens: total.inputTokens,
    expected_usd: dollars(total.expectedUsdMicros),
    worst_usd: dollars(total.worstUsdMicros),
    batch_usd: dollars(total.batchUsdMicros),
  };
}

function costJson({ agent, sessionId, project, inputTokens, state, cost }: Preview): JsonObject {
  return {
    agent,
    session_id: sessionId,
    project,
    state,
    input_tokens: inputTokens,
    expected_usd: dollars(cost?.expectedUsdMicros ?? null),
    worst_usd: dollars(cost?.worstUsdMicros ?? null),
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
