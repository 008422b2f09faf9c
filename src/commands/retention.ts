import { join } from 'node:path';
import { exitCode, SeshError } from '../core/errors.ts';
import { readLedger } from '../ingest/ledger.ts';
import { forgetReplies } from '../judge/ledger/forget.ts';
import { writePlan } from '../lake/forget/plan.ts';
import { makeDirectory } from '../lake/files.ts';
import { acquireJudgeLock } from '../lake/lock.ts';
import { openStore, type Store } from '../lake/store.ts';
import type { Invocation } from './command.ts';
import { chooseToForget, finishForgetting } from './forgetting.ts';
import type { Privacy } from './privacy-file.ts';
import { readPrivacy } from './privacy.ts';

/** What was older than `privacy.yaml` has it kept. */
export interface Expired {
  readonly sessions: number;
  /** Answers of a judge whose words went. */
  readonly replies: number;
}

/** Forgets what is older than `privacy.yaml` has it kept; a dry run counts it. SeshError with exit code 75 while somebody judges. */
export async function expire(invocation: Invocation, dryRun: boolean): Promise<Expired> {
  const { storeDir, surroundings, now } = invocation;
  const privacy = await readPrivacy(surroundings);
  const store = await openStore(storeDir, { create: false });
  const sessions = await expireSessions(store, privacy, now(), dryRun);
  const replies = await expireReplies(store, privacy, now(), dryRun);
  return { sessions, replies };
}

async function expireSessions(store: Store, { keepSessionsS }: Privacy, now: number, dryRun: boolean): Promise<number> {
  if (keepSessionsS === null) return 0;
  const before = now - keepSessionsS * 1_000_000;
  const { sources, interrupted } = await readLedger(store);
  const mayBeOld = sources.some(({ lastTs }) => lastTs !== null && lastTs < before);
  if (interrupted || !mayBeOld) return 0;
  const moment = new Date(now / 1000);
  const { plan, doomed } = await chooseToForget(
    store,
    sources,
    { sessions: [], project: null, before, match: null },
    moment,
  );
  if (dryRun || doomed.sessions.length === 0) return doomed.sessions.length;
  // What is written down to be forgotten has to be finished before the next sync, which would wait for the judge as well.
  await withJudgeLock(store, async () => await Promise.resolve());
  await writePlan(store, plan);
  await finishForgetting(store, moment);
  return doomed.sessions.length;
}

async function expireReplies(
  store: Store,
  { keepJudgeRepliesS }: Privacy,
  now: number,
  dryRun: boolean,
): Promise<number> {
  if (keepJudgeRepliesS === null) return 0;
  const before = new Date(now / 1000 - keepJudgeRepliesS * 1000);
  if (dryRun) return await forgetReplies(join(store.directory, 'judge'), before, true);
  return await withJudgeLock(store, async (directory) => await forgetReplies(directory, before, false));
}

async function withJudgeLock<Result>(store: Store, work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = join(store.directory, 'judge');
  await makeDirectory(directory);
  const lock = await acquireJudgeLock(store, { waitS: 0 });
  try {
    return await work(directory);
  } finally {
    await lock.release();
  }
}

/** A night goes on without it: the next one forgets what this one could not. */
export function isPostponed(error: unknown): boolean {
  return error instanceof SeshError && error.exitCode === exitCode.locked;
}
