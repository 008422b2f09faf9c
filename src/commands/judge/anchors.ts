import { exitCode, UsageError, type ExitCode } from '../../core/errors.ts';
import { asNumber, asText, type JsonObject } from '../../core/json.ts';
import { everything } from '../../core/window.ts';
import {
  accepted,
  judgeOf,
  noAnchors,
  pick,
  withMeasured,
  type AnchorSet,
  type MeasuredJudge,
} from '../../judge/anchors/anchors.ts';
import { readAnchors, writeAnchors } from '../../judge/anchors/file.ts';
import { sha256 } from '../../judge/prompt/canonical.ts';
import type { VerdictRow } from '../../judge/publish.ts';
import { acquireJudgeLock } from '../../lake/lock.ts';
import { openStore } from '../../lake/store.ts';
import type { Invocation } from '../command.ts';
import { ledgerDirectory } from './folder.ts';
import { settingsOf } from '../settings.ts';
import { tableLines, type TableColumn } from '../table.ts';
import { records, withViews } from '../views.ts';

const ANCHORS = 20;
/** Fewer say nothing about a shift. */
const LEAST_ANCHORS = 5;

/**
 * Shows how far judges differ on the anchor sessions; `--pick` chooses those, `--accept` lets a judge count that differs. Sends nothing.
 * JSON: `sessions`, and `judges` with `state`, `mean_shift` and `largest_shift`.
 */
export async function judgeAnchors(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir } = invocation;
  const store = await openStore(storeDir, { create: false });
  const directory = ledgerDirectory(store);
  if (flags.flag('pick') || flags.flag('accept')) {
    const lock = await acquireJudgeLock(store, { waitS: 0 });
    try {
      const before = await readAnchors(directory);
      await writeAnchors(directory, flags.flag('pick') ? await picked(invocation) : accepted(before));
    } finally {
      await lock.release();
    }
  }
  const set = await readAnchors(directory);
  if (flags.flag('json')) terminal.json(anchorsJson(set));
  else printAnchors(set, invocation);
  return set.judges.some(({ state }) => state === 'blocked') ? exitCode.dataProblems : exitCode.ok;
}

/** Sessions that the newest judge scored, whose scores are what later judges are compared with. */
async function picked({ storeDir, memoryBytes, zone, now }: Invocation): Promise<AnchorSet> {
  const rows = await withViews({ storeDir, memoryBytes, settings: settingsOf(everything, zone) }, async ({ query }) =>
    records(
      await query(
        `select agent, session_id, key, score, provider, host, model, answered_model, judge_version, max_tokens, effort
         from staging.verdicts where sample_index = 0 and score is not null order by judged_at desc, key`,
      ),
    ),
  );
  const newest = rows[0] === undefined ? null : judgeOf(verdictOf(rows[0]));
  const own = rows
    .filter((row) => judgeOf(verdictOf(row)) === newest)
    .map((row) => ({
      agent: asText(row['agent']) ?? '',
      sessionId: asText(row['session_id']) ?? '',
      score: asNumber(row['score']) ?? 0,
      lot: sha256(`anchor ${asText(row['key']) ?? ''}`),
    }));
  const sessions = pick(
    [...new Map(own.toReversed().map((each) => [JSON.stringify([each.agent, each.sessionId]), each])).values()],
    ANCHORS,
  );
  if (newest === null || sessions.length < LEAST_ANCHORS) {
    throw new UsageError(
      `Expected at least ${LEAST_ANCHORS} sessions with a score from the newest judge, got ${sessions.length}.`,
      'Judge some first: `sesh judge --last 20`.',
    );
  }
  const first: MeasuredJudge = {
    judge: newest,
    at: new Date(now() / 1000).toISOString(),
    scores: Object.fromEntries(sessions.map(({ agent, sessionId, score }) => [`${agent} ${sessionId}`, score])),
    state: 'first',
    mean_shift: null,
    largest_shift: null,
  };
  const chosen = sessions.map(({ agent, sessionId }) => ({ agent, session_id: sessionId }));
  return withMeasured({ ...noAnchors, sessions: chosen }, first);
}

function verdictOf(row: JsonObject): VerdictRow {
  const { provider, host, model, answered_model, judge_version, effort } = row;
  const text = (value: typeof provider): string | null => asText(value);
  return {
    provider: text(provider),
    host: text(host),
    model: text(model),
    answered_model: text(answered_model),
    judge_version: text(judge_version),
    max_tokens: asNumber(row['max_tokens']),
    effort: text(effort),
  };
}

function anchorsJson({ sessions, judges }: AnchorSet): JsonObject {
  return {
    sessions: sessions.map(({ agent, session_id }) => ({ agent, session_id })),
    judges: judges.map(({ judge, at, state, mean_shift, largest_shift }) => ({
      judge: nameOf(judge),
      at,
      state,
      mean_shift,
      largest_shift,
    })),
  };
}

/** Model, the model that answered, version. */
function nameOf(judge: string): string {
  const parts: unknown = JSON.parse(judge);
  const [, , model, answered, version] = Array.isArray(parts) ? parts.map(String) : [];
  return `${model ?? ''}${answered === model ? '' : ` (${answered ?? ''})`} ${version ?? ''}`;
}

const shift = (value: number | null): string => (value === null ? '-' : `${value > 0 ? '+' : ''}${value.toFixed(2)}`);

const columns: readonly TableColumn<MeasuredJudge>[] = [
  { title: 'JUDGE', value: ({ judge }) => nameOf(judge), flexible: true },
  { title: 'MEASURED', value: ({ at }) => at.slice(0, 10) },
  { title: 'MEAN SHIFT', value: ({ mean_shift }) => shift(mean_shift), align: 'right' },
  {
    title: 'LARGEST',
    value: ({ largest_shift }) => (largest_shift === null ? '-' : String(largest_shift)),
    align: 'right',
  },
  { title: 'STATE', value: ({ state }) => state },
];

function printAnchors({ sessions, judges }: AnchorSet, { terminal }: Invocation): void {
  if (sessions.length === 0) {
    terminal.print(
      'No anchor sessions are chosen: every judge counts at once. `sesh judge anchors --pick` chooses them.',
    );
    return;
  }
  for (const line of tableLines(columns, judges, terminal.width)) terminal.print(line);
  terminal.print();
  terminal.print(`${sessions.length} anchor sessions; a new judge scores them before its verdicts count.`);
  if (judges.some(({ state }) => state === 'blocked')) {
    terminal.print(
      'Blocked: the mean shift is above 0.3 or a session moved by more than 2. `sesh judge anchors --accept` lets it count.',
    );
  }
}
