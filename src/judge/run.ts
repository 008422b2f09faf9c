import type { Ending } from './pace/pacer.ts';
import type { VerdictRow } from './publish.ts';
import { checkAnchors } from './anchors/check.ts';
import { publishKept, type Published } from './publish.ts';
import { secondRun, type JudgeEffects, type JudgeOptions, type Run, type SessionRef } from './run/context.ts';
import { judgeAgain, judgeSample, wantsSecond, type ItemResult } from './run/item.ts';

export type { JudgeEffects, JudgeOptions, SessionRef } from './run/context.ts';

/** What became of one session; `gone`: it is not in the store any more. */
export interface SessionResult {
  readonly session: SessionRef;
  readonly status: ItemResult['status'] | 'gone';
  /** One a sample, the first one first; rows that only the table knows are missing. */
  readonly rows: readonly VerdictRow[];
  /** Why it was left for later, in the words of the service. */
  readonly problem: string | null;
}

export interface JudgeSummary extends Published {
  readonly sessions: readonly SessionResult[];
  /** Requests sent. */
  readonly calls: number;
  readonly spentUsdMicros: number;
  /** Why the run asked nothing more; null when it was done. */
  readonly ending: Ending | null;
}

/** Judges the sessions: what is known costs nothing, what was paid is kept, and what is left is left for the next run. */
export async function judgeSessions(
  sessions: readonly SessionRef[],
  options: JudgeOptions,
  effects: JudgeEffects,
): Promise<JudgeSummary> {
  const { ledger, pacer, budget, publish, anchors } = effects;
  const run: Run = { options, effects };
  // What a killed run paid for comes first.
  await publishKept(ledger, publish, anchors.current());
  const second = secondRun(run);
  const runs = second === null ? [run] : [run, second];
  const parked = runs.map(endIfParked);
  await checkAnchors(run);
  const results = await inTurn(run, sessions);
  for (const [index, each] of runs.entries()) if (parked[index] === false) await parkIfTold(each);
  await checkAnchors(run);
  const kept = await publishKept(ledger, publish, anchors.current());
  const { calls, spentUsdMicros } = budget;
  return {
    sessions: results,
    calls,
    spentUsdMicros,
    ending: pacer.ending ?? second?.effects.pacer.ending ?? null,
    ...kept,
  };
}

/** The first request goes alone: it fills the provider's cache, and a wrong key costs one request and not one a session. */
async function inTurn(run: Run, sessions: readonly SessionRef[]): Promise<readonly SessionResult[]> {
  const { budget, pacer } = run.effects;
  const first: SessionResult[] = [];
  const callsBefore = budget.calls;
  for (const session of sessions) {
    if (budget.calls > callsBefore) break;
    first.push(await judgeSession(run, session));
  }
  const rest = sessions.slice(first.length);
  const turns = new Map<string, Promise<unknown>>();
  const others = rest.map(async (session) => {
    try {
      return await pacer.within(async () => await judgeSession(run, session, turns));
    } catch (error) {
      pacer.end({ why: 'stopped' });
      throw error;
    }
  });
  // Also when one of them breaks: what is under way is paid for, and the lock is held until it is kept.
  await Promise.allSettled(others);
  return [...first, ...(await Promise.all(others))];
}

async function judgeSession(
  run: Run,
  session: SessionRef,
  turns = new Map<string, Promise<unknown>>(),
): Promise<SessionResult> {
  const prepared = await run.effects.prepare(session);
  if (prepared === null) return { session, status: 'gone', rows: [], problem: null };
  // Two sessions that show the same text have the same question: the second one waits and then knows the answer.
  const { rendered, facts } = prepared.hashes;
  const mine = inOrder(turns, `${rendered} ${facts}`, async () => {
    const results: ItemResult[] = [];
    do results.push(await judgeSample(run, prepared, results.length));
    while (results.length < (run.options.samples ?? 1) && isJudged(results.at(-1)));
    if (run.options.samples === null && isDoubtful(results[0])) results.push(await judgeAgain(run, prepared));
    return results;
  });
  const results = await mine;
  run.effects.advance();
  return resultOf(session, results);
}

async function inOrder<Result>(
  turns: Map<string, Promise<unknown>>,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const mine = (turns.get(name) ?? Promise.resolve()).then(work);
  turns.set(
    name,
    mine.catch(() => undefined),
  );
  return await mine;
}

function isJudged(result: ItemResult | undefined): boolean {
  return result?.status === 'judged' || result?.status === 'known';
}

export function isDoubtful(first: ItemResult | undefined): boolean {
  return first !== undefined && 'row' in first && first.row !== null && wantsSecond(first.row);
}

/** A session is done when all its samples are; what is furthest from it decides. */
function resultOf(session: SessionRef, results: readonly ItemResult[]): SessionResult {
  const rows = results.flatMap((result) => ('row' in result && result.row !== null ? [result.row] : []));
  const last = results.at(-1);
  const unfinished = last?.status === 'later' || last?.status === 'waiting' || last?.status === 'set_aside';
  const fresh = results.some(({ status }) => status === 'judged');
  const problem = last?.status === 'later' ? (last.failure?.message ?? null) : null;
  return { session, status: unfinished ? last.status : fresh ? 'judged' : 'known', rows, problem };
}

/** Whether the service asked not to be asked yet. */
function endIfParked({ options, effects: { ledger, provider, clock, pacer } }: Run): boolean {
  const untilMs = ledger.parkedUntilMs(provider.host, options.model);
  if (untilMs <= clock.now()) return false;
  pacer.end({ why: 'parked', untilMs });
  return true;
}

async function parkIfTold({ options, effects: { ledger, provider, pacer } }: Run): Promise<void> {
  if (pacer.ending?.why !== 'parked') return;
  const until = new Date(pacer.ending.untilMs).toISOString();
  await ledger.record({ type: 'parked', host: provider.host, model: options.model, until });
}
