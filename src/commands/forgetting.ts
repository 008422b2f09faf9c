import { join } from 'node:path';
import { forgetSessions } from '../judge/ledger/forget.ts';
import { carryOut } from '../lake/forget/carry-out.ts';
import { readPlan, removePlan } from '../lake/forget/plan.ts';
import { acquireJudgeLock, acquireLock } from '../lake/lock.ts';
import { makeDirectory } from '../lake/files.ts';
import type { Store } from '../lake/store.ts';

/** Who is judging keeps its lock for hours. */
const WAIT_S = 2;

/**
 * Finishes what was written down to be forgotten, from its beginning: each step may be done twice. The caller holds no lock; true
 * when there was something to do.
 */
export async function finishForgetting(store: Store, now: Date): Promise<boolean> {
  if ((await readPlan(store)) === null) return false;
  const judge = join(store.directory, 'judge');
  await makeDirectory(judge);
  const judgeLock = await acquireJudgeLock(store, { waitS: WAIT_S });
  try {
    const lock = await acquireLock(store, 'forget', { waitS: WAIT_S });
    try {
      const plan = await readPlan(store);
      if (plan === null) return false;
      await forgetSessions(judge, plan.sessions);
      await carryOut(store, plan, now);
      await removePlan(store);
      return true;
    } finally {
      await lock.release();
    }
  } finally {
    await judgeLock.release();
  }
}
